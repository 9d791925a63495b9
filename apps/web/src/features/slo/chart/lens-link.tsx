import { PERCENT_AXIS_WIDTH, TOP_ROOM } from './panel-geometry.ts';
import type { TimeRange } from './series.ts';

/** Strong where the hour lies, gone before it could colour a whole window. */
const TINT = `linear-gradient(to right, ${tint(9)}, ${tint(3)} 130px, ${tint(0)} 300px)`;

function tint(percent: number): string {
  return `color-mix(in oklab, var(--qd-overprint-line) ${percent}%, transparent)`;
}

/** Room between the two panels, px. */
const GUTTER_PX = 26;

/** Shows which stretch of the window the panel beside it enlarges. */
export function LensLink({ lens, window }: { lens: TimeRange; window: TimeRange }) {
  const span = window.endAt - window.startAt;
  const share = Math.min(0.999, Math.max(0, (lens.startAt - window.startAt) / span));
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute right-0 bottom-7"
      style={{ left: PERCENT_AXIS_WIDTH, top: TOP_ROOM }}
    >
      <div
        className="@container absolute inset-y-0 border-y border-overprint-line phone:right-0!"
        style={{ left: `${share * 100}%`, right: -GUTTER_PX - 1, background: TINT }}
      >
        <span className="absolute top-1/2 left-2.5 hidden -translate-y-1/2 text-micro whitespace-nowrap text-overprint [font-stretch:90%] @min-[112px]:block phone:hidden!">
          this hour, enlarged
        </span>
      </div>
    </div>
  );
}
