import { type CSSProperties } from 'react';
import { cx } from './class-names.ts';

export type RuleProps = {
  /** How many bands: 24 for a day, 30 for a month. */
  units: number;
  /** Where now is, as a ratio of the axis; what lies right of it is faded. Null or absent: nothing is faded. */
  nowRatio?: number | null | undefined;
  tone?: 'ink' | 'soft' | 'overprint' | undefined;
  className?: string | undefined;
};

/** The graduated band under every time axis: ink and paper alternate per unit. */
export function Rule({ units, nowRatio, tone = 'ink', className }: RuleProps) {
  const style: CSSProperties & { '--n': number } = { '--n': units };
  return (
    <div className={cx('qd-rule', className)} data-tone={tone} style={style} aria-hidden="true">
      <div className="qd-rule-band" />
      {nowRatio != null && nowRatio < 1 && (
        <div className="qd-rule-future" style={{ left: `${Math.max(0, nowRatio) * 100}%` }} />
      )}
    </div>
  );
}

export type RuleLabel = {
  ratio: number;
  text: string;
  /** Left out on the phone. */
  minor?: boolean | undefined;
};

export type RuleAxisProps = RuleProps & { labels: readonly RuleLabel[] };

const shift = (ratio: number) => (ratio <= 0.001 ? '0' : ratio >= 0.999 ? '-100%' : '-50%');

/** The rule with its times under it; 24 px high. */
export function RuleAxis({ labels, className, ...rule }: RuleAxisProps) {
  return (
    <div className={cx('relative h-6', className)} aria-hidden="true">
      <Rule {...rule} />
      {labels.map((label) => (
        <span
          key={label.ratio}
          className={cx(
            'absolute top-[9px] text-micro leading-[14px] whitespace-nowrap text-ink-3 [font-stretch:90%]',
            label.minor === true && 'phone:hidden',
          )}
          style={{ left: `${label.ratio * 100}%`, transform: `translateX(${shift(label.ratio)})` }}
        >
          {label.text}
        </span>
      ))}
    </div>
  );
}
