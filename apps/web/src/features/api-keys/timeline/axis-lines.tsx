import type { MonthAxis } from '../../../lib/month-axis.ts';
import { NowLine } from '../../../ui/now-line.tsx';

const percent = (ratio: number) => `${ratio * 100}%`;

/** The lines of the months and of now through a row. */
export function AxisLines({ axis }: { axis: MonthAxis }) {
  return (
    <>
      {axis.months.slice(1).map((month) => (
        <span key={month.label} className="qd-key-month phone:hidden" style={{ left: percent(month.ratio) }} />
      ))}
      <NowLine ratio={axis.nowRatio} className="phone:hidden" />
    </>
  );
}
