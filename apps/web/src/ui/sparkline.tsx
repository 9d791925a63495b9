import { cx } from './class-names.ts';
import { segmentsOf, yOf } from './sparkline-path.ts';
import { toneFill, type DataTone } from './tone.ts';

export type SparklineProps = {
  /** Instants of the values, epoch ms, ascending. */
  atMs: readonly number[];
  /** What was left at each instant, 1 is all of it; null breaks the line. */
  values: readonly (number | null)[];
  startMs: number;
  endMs: number;
  nowMs: number;
  /** Draw even use from 1 at the start to 0 at this instant; true means the end of the axis. */
  ideal?: boolean | number | undefined;
  /** Colour of the last part of the line, from tailFromMs on. */
  tone?: DataTone | undefined;
  tailFromMs?: number | undefined;
  /** The picture in one sentence. */
  summary: string;
  /** Shown in a dashed box when there is nothing to draw. */
  emptyText?: string | undefined;
  className?: string | undefined;
};

/** A burn-down the size of a word. Unknown time is not bridged; now is magenta. */
export function Sparkline(props: SparklineProps) {
  const { atMs, values, startMs, endMs, nowMs, ideal = true, tone = 'water', tailFromMs, summary, className } = props;
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) {
    return (
      <div className={cx('qd-spark', className)} data-empty="">
        <span className="text-micro text-stale">{props.emptyText ?? 'no data'}</span>
      </div>
    );
  }
  const bottomRatio = Math.min(-0.05, ...known);
  const scale = { startMs, endMs, bottomRatio };
  const zeroY = yOf(0, bottomRatio);
  const idealEndMs = ideal === true ? endMs : ideal === false ? null : ideal;
  const parts = segmentsOf(atMs, values, scale);
  const tail = tailFromMs === undefined ? [] : segmentsOf(atMs, values, scale, tailFromMs);
  const nowRatio = (nowMs - startMs) / (endMs - startMs);
  return (
    <div className={cx('qd-spark', className)} role="img" aria-label={summary}>
      <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => (
          <path
            key={`a${part.fromX}`}
            d={`${part.line}L${part.toX} ${zeroY}L${part.fromX} ${zeroY}Z`}
            fill="var(--qd-water-1)"
          />
        ))}
        {idealEndMs !== null && (
          <path
            d={`M0 ${yOf(1, bottomRatio)}L${((idealEndMs - startMs) / (endMs - startMs)) * 1000} ${zeroY}`}
            stroke="var(--qd-line-strong)"
            strokeDasharray="3 3"
            vectorEffect="non-scaling-stroke"
          />
        )}
        <path d={`M0 ${zeroY}H1000`} stroke="var(--qd-ink-3)" vectorEffect="non-scaling-stroke" />
        {parts.map((part) => (
          <path
            key={`l${part.fromX}`}
            d={part.line}
            fill="none"
            stroke="var(--qd-water-line)"
            strokeWidth="1.8"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {tail.map((part) => (
          <path
            key={`t${part.fromX}`}
            d={part.line}
            fill="none"
            stroke={toneFill[tone]}
            strokeWidth="2"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      {nowRatio >= 0 && nowRatio <= 1 && <i className="qd-spark-now" style={{ left: `${nowRatio * 100}%` }} />}
    </div>
  );
}
