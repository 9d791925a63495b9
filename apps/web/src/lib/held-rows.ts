import { useState, type FocusEvent } from 'react';

/**
 * New rows of a list that grows at the top wait while the pointer or the focus is inside it or it is paused, and are
 * counted. Spread `hold` around the list; `show` lets the waiting ones in.
 */
export function useHeldRows<T>(rows: readonly T[], seqOf: (row: T) => number) {
  const [topSeq, setTopSeq] = useState<number | null>(null);
  const [paused, setPaused] = useState(false);
  const newest = rows.reduce((max, row) => Math.max(max, seqOf(row)), 0);
  const shown = topSeq === null ? rows : rows.filter((row) => seqOf(row) <= topSeq);
  const release = () => {
    if (!paused) setTopSeq(null);
  };
  return {
    rows: shown,
    paused,
    setPaused: (next: boolean) => {
      setPaused(next);
      setTopSeq((held) => (next ? (held ?? newest) : null));
    },
    waiting: rows.length - shown.length,
    show: () => setTopSeq((held) => (held === null ? null : newest)),
    hold: {
      onPointerEnter: () => setTopSeq((held) => held ?? newest),
      onPointerLeave: release,
      onFocus: () => setTopSeq((held) => held ?? newest),
      onBlur: (event: FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) release();
      },
    },
  };
}
