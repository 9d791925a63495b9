import type { CoverageGap, SlotView } from '@qd/shared/oncall';
import { NowLine } from '../../ui/now-line.tsx';
import { partOf, type Axis } from './axis.ts';

const percent = (ratio: number) => `${ratio * 100}%`;

/** The rule over the bars: days, filled and empty in turn, what is to come faded. */
export function LaneAxis({ axis }: { axis: Axis }) {
  return (
    <div className="qd-oncall-axis" aria-hidden="true">
      {axis.days.map((day, index) => (
        <span key={day.label}>
          {index % 3 === 0 && (
            <span
              className="absolute top-0 text-micro whitespace-nowrap text-ink-3"
              style={{ left: percent(day.ratio) }}
            >
              {day.label}
            </span>
          )}
          <span
            className="qd-oncall-band"
            data-filled={index % 2 === 0 ? '' : undefined}
            style={{ left: percent(day.ratio), width: percent(day.endRatio - day.ratio) }}
          />
        </span>
      ))}
      <NowLine ratio={axis.nowRatio} />
    </div>
  );
}

export interface LaneProps {
  slots: readonly SlotView[];
  gaps: readonly CoverageGap[];
  axis: Axis;
  phone?: boolean;
}

/** One platform as two lanes: primaries above, secondaries below, hatched where nobody is primary. The tables say the same in words. */
export function Lane({ slots, gaps, axis, phone }: LaneProps) {
  return (
    <div className="qd-oncall-lanes" data-phone={phone === true ? '' : undefined} aria-hidden="true">
      <div className="qd-oncall-lane" data-of="primary">
        {slots
          .filter((slot) => slot.role === 'primary')
          .map((slot) => (
            <Bar key={slot.id} of={slot.person.state === 'active' ? 'held' : 'absent'} part={partOf(axis, slot)} />
          ))}
        {gaps.map((gap) => (
          <Bar key={gap.startsAt} of={gap.hasSecondary ? 'thin' : 'gap'} part={partOf(axis, gap)} />
        ))}
      </div>
      <div className="qd-oncall-lane" data-of="secondary">
        {slots
          .filter((slot) => slot.role === 'secondary')
          .map((slot) => (
            <Bar key={slot.id} of={slot.person.state === 'active' ? 'second' : 'absent'} part={partOf(axis, slot)} />
          ))}
      </div>
      <NowLine ratio={axis.nowRatio} />
    </div>
  );
}

function Bar({ of, part }: { of: string; part: { left: number; width: number } | null }) {
  if (part === null) return null;
  return <i className="qd-oncall-bar" data-of={of} style={{ left: percent(part.left), width: percent(part.width) }} />;
}
