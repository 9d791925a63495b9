import { cx } from './class-names.ts';

/** Rank of urgency, 0 the most urgent. */
export type SeverityRank = 0 | 1 | 2 | 3 | 4;

const looks: Record<SeverityRank, string> = {
  0: 'border-crit-fill bg-crit-fill text-on-crit',
  1: 'border-crit text-crit shadow-[inset_0_0_0_1px_var(--qd-crit)]',
  2: 'border-warn bg-warn-tint text-warn',
  3: 'border-line-strong text-ink-2',
  4: 'border-dotted border-line-strong text-ink-3',
};

export type SeverityBadgeProps = {
  /** Which of the five looks: solid, double outline, tinted, outline, dotted. */
  rank: SeverityRank;
  /** What it says, "P0" by default. */
  label?: string | undefined;
  className?: string | undefined;
};

/** A severity that can be told apart without colour: solid, double, tinted, plain and dotted outline. */
export function SeverityBadge({ rank, label = `P${rank}`, className }: SeverityBadgeProps) {
  return (
    <span
      className={cx(
        'inline-grid h-[18px] flex-none place-items-center rounded-1 border px-[5px] font-mono text-micro font-[650] [word-spacing:0]',
        looks[rank],
        className,
      )}
    >
      <span>
        <span className="sr-only">Severity </span>
        {label}
      </span>
    </span>
  );
}
