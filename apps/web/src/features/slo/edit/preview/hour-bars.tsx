import type { SloPreview } from '@qd/shared/slo';
import { formatCount, formatShare } from '../../../../lib/format.ts';
import { cx } from '../../../../ui/class-names.ts';
import type { SloUnit } from '../../unit-words.ts';

const BOX = 1_000;

interface BarsProps {
  values: readonly (number | null)[];
  colour: string;
  label: string;
  top: string;
}

function Bars({ values, colour, label, top }: BarsProps) {
  const most = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  const width = BOX / Math.max(1, values.length);
  const bars = most === 0 ? '' : values.map((value, i) => bar(value, i * width, { width, most })).join('');
  return (
    <div>
      <svg
        viewBox={`0 0 ${BOX} 100`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${top}`}
        className="h-9 w-full border-b border-line-strong"
      >
        <path d={bars} fill={colour} />
      </svg>
      <p className="mt-0.5 flex justify-between gap-3 text-micro text-ink-3">
        <span>{label}</span>
        <span>{top}</span>
      </p>
    </div>
  );
}

function bar(value: number | null, x: number, { width, most }: { width: number; most: number }): string {
  if (value === null || value === 0) return '';
  const high = Math.max(4, (value / most) * 100);
  return `M${x.toFixed(1)} 100V${(100 - high).toFixed(1)}h${(width * 0.86).toFixed(2)}V100Z`;
}

const maxOf = (values: readonly (number | null)[]) => values.reduce<number>((max, one) => Math.max(max, one ?? 0), 0);

/** Traffic and bad share under the budget, on the same time axis. */
export function HourBars({ preview, unit, className }: { preview: SloPreview; unit: SloUnit; className?: string }) {
  const name = unit === 'minutes' ? 'minutes judged' : 'events';
  return (
    <div className={cx('ml-[42px] grid gap-2', className)}>
      <Bars
        values={preview.totalEvents}
        colour="var(--qd-water-line)"
        label={`${name} each hour`}
        top={`most ${formatCount(maxOf(preview.totalEvents))}`}
      />
      <Bars
        values={preview.badRatio}
        colour="var(--qd-crit-fill)"
        label="bad share each hour"
        top={`worst ${formatShare(maxOf(preview.badRatio))}`}
      />
    </div>
  );
}
