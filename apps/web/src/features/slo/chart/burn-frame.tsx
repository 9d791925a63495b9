import { Rule } from '../../../ui/rule.tsx';
import { PERCENT_AXIS_WIDTH, TOP_ROOM } from './panel-geometry.ts';

export interface BurnFrameProps {
  /** What is being read: "Reading 30 days of availability…". */
  words: string;
  /** Days of the window, when known. */
  units?: number;
}

const ticks = [100, 75, 50, 25, 0];
const SPAN = 120;
const top = (percent: number) => `${((100 - percent) / SPAN) * 100}%`;

/** The plot before its data: axis, zones and rule at once, at their final places. */
export function BurnFrame({ words, units = 30 }: BurnFrameProps) {
  return (
    <div className="relative h-[384px] wide:h-[466px] phone:h-[264px]" aria-hidden="true">
      <div className="absolute right-0 bottom-7" style={{ left: PERCENT_AXIS_WIDTH, top: TOP_ROOM }}>
        {ticks.map((tick) => (
          <span
            key={tick}
            className="absolute -left-8 w-6 -translate-y-1/2 text-right text-micro text-ink-3 first:translate-y-0"
            style={{ top: top(tick) }}
          >
            {tick === 100 ? '100%' : tick}
          </span>
        ))}
        <div className="absolute inset-0 border border-line-strong bg-surface">
          <div
            className="qd-zone-caution absolute inset-x-0"
            style={{ top: top(20), height: `${(10 / SPAN) * 100}%` }}
          />
          <div
            className="qd-zone-freeze absolute inset-x-0"
            style={{ top: top(10), height: `${(10 / SPAN) * 100}%` }}
          />
          <div className="qd-zone-overspent absolute inset-x-0 bottom-0" style={{ top: top(0) }} />
          <span className="absolute top-2 left-2.5 text-micro text-ink-3">{words}</span>
        </div>
        <Rule units={units} className="absolute! inset-x-0 -bottom-[9px]" />
      </div>
    </div>
  );
}
