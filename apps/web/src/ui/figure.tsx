import { cx } from './class-names.ts';
import { toneText, type Tone } from './tone.ts';

export type FigureProps = {
  value: string;
  /** Printed small behind the value: "%", "×", "min". */
  unit?: string | undefined;
  tone?: Tone | undefined;
  /** Height of the digits in px; the hero size of the theme when left out. */
  sizePx?: number | undefined;
  className?: string | undefined;
};

/** The one big number of a page. */
export function Figure({ value, unit, tone = 'none', sizePx, className }: FigureProps) {
  return (
    <span
      className={cx('text-figure font-call tracking-[-0.035em] [word-spacing:0]', toneText[tone], className)}
      style={sizePx === undefined ? undefined : { fontSize: sizePx }}
    >
      {value}
      {unit !== undefined && <small className="ml-[.08em] text-[.42em] font-strong tracking-[-0.01em]">{unit}</small>}
    </span>
  );
}
