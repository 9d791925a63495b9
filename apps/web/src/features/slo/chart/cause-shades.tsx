import { type CauseKey } from '@qd/shared/slo';
import { useLayoutEffect, useRef } from 'react';
import type { TimeRange } from './series.ts';

/** What the plot has to do with the cause that is chosen. */
export interface PlotCause {
  chosen: CauseKey | null;
  stretches: readonly TimeRange[];
  /** Told when a cause is chosen over whose stretch the drawer would lie. */
  onCovered(): void;
}

/** Width of the drawer on a screen that has room for a page beside it, px. */
const DRAWER_PX = 480;
const LEAST_SCREEN_PX = 1_181;

/** The time of the chosen cause, exactly, over the whole height of the plot. It is brought into view once, when chosen. */
export function CauseShades({ chosen, stretches, onCovered, range }: PlotCause & { range: TimeRange }) {
  const group = useRef<HTMLDivElement>(null);
  const shown = stretches.filter(({ startAt, endAt }) => endAt >= range.startAt && startAt <= range.endAt);
  const isShown = shown.length > 0;
  useLayoutEffect(() => {
    const shades = [...(group.current?.children ?? [])];
    if (shades.length === 0) return;
    group.current?.scrollIntoView({ block: 'nearest' });
    const edge = window.innerWidth - DRAWER_PX;
    const isCovered = shades.some((one) => one.getBoundingClientRect().right > edge);
    if (window.innerWidth >= LEAST_SCREEN_PX && isCovered) onCovered();
    // Only a choice moves the page: not data that arrive, and not the plot making room.
  }, [chosen, isShown, onCovered]);
  if (!isShown) return null;
  const span = range.endAt - range.startAt;
  const shareOf = (at: number) => Math.min(1, Math.max(0, (at - range.startAt) / span));
  return (
    <div
      ref={group}
      aria-hidden="true"
      data-testid="cause-shades"
      className="pointer-events-none absolute inset-0 scroll-my-28 phone:scroll-mb-[53dvh]"
    >
      {shown.map(({ startAt, endAt }) => (
        <i
          key={startAt}
          className="absolute inset-y-0 min-w-0.5 border-x border-overprint-line bg-overprint-line/20"
          style={{ left: `${shareOf(startAt) * 100}%`, width: `${(shareOf(endAt) - shareOf(startAt)) * 100}%` }}
        />
      ))}
    </div>
  );
}
