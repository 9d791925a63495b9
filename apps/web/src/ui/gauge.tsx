import { cx } from './class-names.ts';
import { type DataTone } from './tone.ts';

export type GaugeProps = {
  /** What is left, 1 is all of it; below 0 is overspent; null is not known. */
  valueRatio: number | null;
  tone?: DataTone | undefined;
  /** Draught marks from the policy, as ratios. */
  marks?: readonly number[] | undefined;
  /** Where the value would be now if it were used up evenly. */
  idealRatio?: number | undefined;
  /** What is measured, for those who do not see the bar. */
  label: string;
  /** Hatch the whole bar. Follows from a value below 0 when left out. */
  overspent?: boolean | undefined;
  /** Replaces the spoken "2.9%". */
  valueText?: string | undefined;
  className?: string | undefined;
};

/** With a true minus sign, which is read aloud where a hyphen is not. */
const percent = (ratio: number) => `${Number((ratio * 100).toFixed(1))}%`.replace('-', '−');
const within = (ratio: number) => Math.min(1, Math.max(0, ratio));
const place = (ratio: number) => `${Number((within(ratio) * 100).toFixed(2))}%`;

/** What is left of something, with draught marks: water while calm, hatched when overspent, dashed when unknown. */
export function Gauge({
  valueRatio,
  tone = 'water',
  marks = [],
  idealRatio,
  label,
  overspent,
  valueText,
  className,
}: GaugeProps) {
  if (valueRatio === null || !Number.isFinite(valueRatio)) {
    return (
      <div
        role="img"
        aria-label={`${label}: ${valueText ?? 'no data'}`}
        data-state="unknown"
        className={cx('qd-gauge', className)}
      />
    );
  }
  const isOverspent = overspent ?? valueRatio < 0;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Number((within(valueRatio) * 100).toFixed(1))}
      aria-valuetext={valueText ?? (isOverspent ? `${percent(valueRatio)}, overspent` : percent(valueRatio))}
      data-state={isOverspent ? 'overspent' : 'left'}
      className={cx('qd-gauge', className)}
    >
      {!isOverspent && <i className="qd-gauge-fill" data-tone={tone} style={{ width: place(valueRatio) }} />}
      {marks.map((mark) => (
        <i key={mark} className="qd-gauge-mark" style={{ left: place(mark) }} />
      ))}
      {idealRatio !== undefined && <i className="qd-gauge-ideal" style={{ left: place(idealRatio) }} />}
    </div>
  );
}
