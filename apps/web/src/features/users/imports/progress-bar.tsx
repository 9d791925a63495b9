export interface ProgressBarProps {
  /** What is on its way. */
  label: string;
  /** From 0 to 1. */
  ratio: number;
}

/** How far something is that takes a while. The words beside it say the numbers. */
export function ProgressBar({ label, ratio }: ProgressBarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, ratio)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-2 w-full overflow-hidden rounded-1 border border-line-strong bg-sunken"
    >
      <div className="h-full bg-ink forced-colors:bg-[Highlight]" style={{ width: `${percent}%` }} />
    </div>
  );
}
