import { useEffect, useState, type FocusEvent } from 'react';

/**
 * New rows of a list that grows at the top wait while the pointer or the focus is inside it, it is paused or one of its rows is
 * open, and are counted. Spread `hold` around the list; `show` lets the waiting ones in. After a row was open they wait until the
 * pointer or the focus leaves: the focus goes back to that row.
 */
export function useHeldRows<T>(rows: readonly T[], seqOf: (row: T) => number, isOpen = false) {
  const [topSeq, setTopSeq] = useState<number | null>(null);
  const [paused, setPaused] = useState(false);
  const newest = rows.reduce((max, row) => Math.max(max, seqOf(row)), 0);
  const shown = topSeq === null ? rows : rows.filter((row) => seqOf(row) <= topSeq);
  useEffect(() => {
    if (isOpen) setTopSeq((held) => held ?? newest);
  }, [isOpen, newest]);
  const release = () => {
    if (!paused && !isOpen) setTopSeq(null);
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
