import '../styles/key-timeline.css';
import type { ReactNode } from 'react';
import { cx } from '../ui/class-names.ts';
import type { MonthAxis } from './month-axis.ts';

export interface MonthRuleProps {
  axis: MonthAxis;
  /** Every how many months one is named. */
  every?: number;
  isPhone?: boolean;
  /** Drawn over the rule, like the line of now. */
  children?: ReactNode;
}

const percent = (ratio: number) => `${ratio * 100}%`;

/** The months over the bars, filled and empty in turn, what is to come faded. */
export function MonthRule({ axis, every = 1, isPhone = false, children }: MonthRuleProps) {
  return (
    <div
      className={cx('qd-key-axis', isPhone && 'mb-1 desk:hidden')}
      data-phone={isPhone ? '' : undefined}
      aria-hidden="true"
    >
      {axis.months.map(({ label, ratio, endRatio }, index) => (
        <span key={label}>
          {index % every === 0 && (
            <span className="absolute top-0 text-micro leading-[14px] text-ink-3" style={{ left: percent(ratio) }}>
              {label}
            </span>
          )}
          <span
            className="qd-key-band"
            data-filled={index % 2 === 0 ? '' : undefined}
            style={{ left: percent(ratio), width: percent(endRatio - ratio) }}
          />
        </span>
      ))}
      <span className="qd-key-future" style={{ left: percent(axis.nowRatio) }} />
      {children}
    </div>
  );
}
