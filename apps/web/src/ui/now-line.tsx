import { cx } from './class-names.ts';

export type NowLineProps = {
  /** Where now is, as a ratio of the width of the box around it, which must be positioned. */
  ratio: number;
  /** Flag at the top of the line. */
  label?: string | undefined;
  /** Side of the line the flag stands on. */
  side?: 'left' | 'right' | undefined;
  className?: string | undefined;
};

/** The magenta line of now, through the whole height of its box. Not drawn when now is outside the axis. */
export function NowLine({ ratio, label, side = 'right', className }: NowLineProps) {
  if (!(ratio >= 0 && ratio <= 1)) return null;
  return (
    <div className={cx('qd-now', className)} data-side={side} style={{ left: `${ratio * 100}%` }} aria-hidden="true">
      {label !== undefined && <span className="qd-now-flag">{label}</span>}
    </div>
  );
}
