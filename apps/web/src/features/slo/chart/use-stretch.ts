import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { TimeRange } from './series.ts';

/** A drag shorter than this, px, is a press. */
const LEAST_DRAG_PX = 6;

export interface StretchInput {
  range: TimeRange;
  /** Instant of the point that is read, for the keyboard. */
  readAt: number | null;
  stretch: TimeRange | null;
  onStretch(stretch: TimeRange | null): void;
}

/** The stretch from one instant to another, whichever is first. */
export function between(a: number, b: number): TimeRange {
  return { startAt: Math.min(a, b), endAt: Math.max(a, b) };
}

/** Choosing a stretch of the plot: by dragging over it, or with Enter at its first and again at its last point. */
export function useStretch({ range, readAt, stretch, onStretch }: StretchInput) {
  const [drag, setDrag] = useState<{ x: number; at: number } | null>(null);
  const [from, setFrom] = useState<number | null>(null);
  const atOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = box.width === 0 ? 0 : (event.clientX - box.left) / box.width;
    return range.startAt + Math.min(1, Math.max(0, share)) * (range.endAt - range.startAt);
  };
  return {
    /** Where a stretch was begun by keyboard, and waits for its end. */
    from,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType === 'touch' || event.button !== 0) return;
      setDrag({ x: event.clientX, at: atOf(event) });
      if (stretch !== null) onStretch(null);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag === null || Math.abs(event.clientX - drag.x) < LEAST_DRAG_PX) return;
      onStretch(between(drag.at, atOf(event)));
    },
    onPointerUp: () => setDrag(null),
    /** True if the key was for the stretch. */
    onKeyDown: (event: KeyboardEvent): boolean => {
      if (event.key === 'Escape' && (from !== null || stretch !== null)) {
        setFrom(null);
        onStretch(null);
        return true;
      }
      if (event.key !== 'Enter' || readAt === null) return false;
      if (from === null) setFrom(readAt);
      else if (from !== readAt) onStretch(between(from, readAt));
      if (from !== null) setFrom(null);
      return true;
    },
  };
}
