import type { SloPreview } from '@qd/shared/slo';
import { useId } from 'react';
import { formatDay } from '../../../../lib/format.ts';
import { segmentsOf, yOf } from '../../../../ui/sparkline-path.ts';
import { zoneFill, ZonePatterns } from '../../../../ui/zones.tsx';
import type { Moment } from '../../moment.ts';
import { plotSentence } from './preview-words.ts';

const BOX = 1_000;
const HEIGHT_PX = 150;

interface PlotProps {
  preview: SloPreview;
  policy: { cautionRatio: number; freezeRatio: number };
  now: Moment;
  className?: string;
}

/** The budget of the last days, hour by hour. Unknown time is not bridged. */
export function LeftPlot({ preview, policy, now, className }: PlotProps) {
  const id = useId().replaceAll(':', '');
  const { at, leftRatio } = preview;
  const [startMs = 0, endMs = 1] = [at[0], at.at(-1)];
  const known = leftRatio.filter((ratio): ratio is number => ratio !== null);
  // A deep overspend is cut off; the sentence says how deep it is.
  const bottomRatio = Math.max(-1, Math.min(-0.1, ...known));
  const y = (ratio: number) => yOf(Math.max(bottomRatio, ratio), bottomRatio);
  const px = (ratio: number) => (y(ratio) / BOX) * HEIGHT_PX;
  const capped = leftRatio.map((ratio) => (ratio === null ? null : Math.max(bottomRatio, ratio)));
  const parts = segmentsOf(at, capped, { startMs, endMs, bottomRatio });
  const zones = [
    { zone: 'caution', top: policy.cautionRatio, bottom: policy.freezeRatio },
    { zone: 'freeze', top: policy.freezeRatio, bottom: 0 },
    { zone: 'overspent', top: 0, bottom: bottomRatio },
  ] as const;
  return (
    <figure className={className}>
      <div className="flex gap-1.5">
        <div className="relative w-9 text-right text-micro text-ink-3" aria-hidden="true">
          <span className="absolute top-0 right-0">100%</span>
          <span className="absolute right-0 -translate-y-1/2" style={{ top: `${y(0) / 10}%` }}>
            0
          </span>
        </div>
        <svg
          role="img"
          aria-label={plotSentence(preview)}
          className="min-w-0 flex-1 border border-line-strong bg-surface"
          style={{ height: HEIGHT_PX }}
        >
          <ZonePatterns idPrefix={id} />
          {unknownRuns(preview).map(([from, to]) => (
            <rect key={from} x={`${from}%`} width={`${to - from}%`} height="100%" fill={zoneFill(id, 'unknown')} />
          ))}
          <svg viewBox={`0 0 ${BOX} ${BOX}`} preserveAspectRatio="none" width="100%" height="100%">
            {parts.map((part) => (
              <path
                key={part.fromX}
                d={`${part.line}L${part.toX} ${y(0)}L${part.fromX} ${y(0)}Z`}
                fill="var(--qd-water-1)"
              />
            ))}
          </svg>
          {zones.map(({ zone, top, bottom }) => (
            <rect key={zone} width="100%" y={px(top)} height={px(bottom) - px(top)} fill={zoneFill(id, zone)} />
          ))}
          <svg viewBox={`0 0 ${BOX} ${BOX}`} preserveAspectRatio="none" width="100%" height="100%">
            <path d={`M0 ${y(0)}H${BOX}`} stroke="var(--qd-ink-3)" vectorEffect="non-scaling-stroke" />
            {parts.map((part) => (
              <path
                key={part.fromX}
                d={part.line}
                fill="none"
                stroke="var(--qd-water-line)"
                strokeWidth="1.8"
                vectorEffect="non-scaling-stroke"
              />
            ))}
          </svg>
        </svg>
      </div>
      <figcaption className="mt-1 ml-[42px] flex justify-between text-micro text-ink-3">
        <span>{formatDay(startMs, now.zone, now.nowMs)}</span>
        <span>budget left, by the hour</span>
        <span>{formatDay(endMs, now.zone, now.nowMs)}</span>
      </figcaption>
    </figure>
  );
}

/** Stretches in which nothing was measured, as percent of the time axis. */
function unknownRuns({ at, leftRatio }: SloPreview): [number, number][] {
  const [startMs = 0, endMs = 1] = [at[0], at.at(-1)];
  const percent = (instant: number) => ((instant - startMs) / (endMs - startMs)) * 100;
  const runs: [number, number][] = [];
  leftRatio.forEach((ratio, i) => {
    if (ratio !== null) return;
    const [from, to] = [percent(at[i - 1] ?? startMs), percent(at[i] ?? startMs)];
    const last = runs.at(-1);
    if (last?.[1] === from) last[1] = to;
    else runs.push([from, to]);
  });
  return runs.filter(([from, to]) => to > from);
}
