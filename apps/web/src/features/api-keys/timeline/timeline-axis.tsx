import { cx } from '../../../ui/class-names.ts';
import { NowLine } from '../../../ui/now-line.tsx';
import type { TimeAxis } from './axis.ts';

const percent = (ratio: number) => `${ratio * 100}%`;

/** The months over the bars, what is to come faded. */
export function TimelineAxis({ axis, isPhone }: { axis: TimeAxis; isPhone?: boolean }) {
  const phone = isPhone === true;
  return (
    <div
      className={cx('qd-key-axis', phone && 'mb-1 desk:hidden')}
      data-phone={phone ? '' : undefined}
      aria-hidden="true"
    >
      {axis.months.map((month, index) => (
        <span key={month.label}>
          <span className="absolute top-0 text-micro leading-[14px] text-ink-3" style={{ left: percent(month.ratio) }}>
            {month.label}
          </span>
          <span
            className="qd-key-band"
            data-filled={index % 2 === 0 ? '' : undefined}
            style={{ left: percent(month.ratio), width: percent(month.endRatio - month.ratio) }}
          />
        </span>
      ))}
      <span className="qd-key-future" style={{ left: percent(axis.nowRatio) }} />
    </div>
  );
}

/** The lines of the months and of now through a row. */
export function AxisLines({ axis }: { axis: TimeAxis }) {
  return (
    <>
      {axis.months.slice(1).map((month) => (
        <span key={month.label} className="qd-key-month phone:hidden" style={{ left: percent(month.ratio) }} />
      ))}
      <NowLine ratio={axis.nowRatio} className="phone:hidden" />
    </>
  );
}
