import { Line, ZIndexLayer } from 'recharts';
import { toneFill, type DataTone } from '../../../ui/tone.ts';
import { drawnPercent, newestPoint, type ChartPoint } from './series.ts';
import { usePlane } from './use-plane.ts';

const strokeOf = { water: 'var(--qd-water-line)', warn: 'var(--qd-warn)', crit: 'var(--qd-crit-fill)' } as const;
const line = { type: 'linear', dot: false, activeDot: false, isAnimationActive: false, connectNulls: false } as const;

/** Ideal, measured, measured while it goes fast, and forecast. A hole in the measurements stays a hole. */
export function PanelLines({ hasIdeal, tone }: { hasIdeal: boolean; tone: DataTone }) {
  return (
    <>
      {hasIdeal && <Line {...line} dataKey="ideal" stroke="var(--qd-ink-2)" strokeWidth={1.2} strokeDasharray="6 4" />}
      <Line {...line} dataKey="left" stroke="var(--qd-water-line)" strokeWidth={2} />
      <Line {...line} dataKey="hot" stroke="var(--qd-crit-fill)" strokeWidth={2.5} />
      <Line {...line} dataKey="forecast" stroke={strokeOf[tone]} strokeWidth={2} strokeDasharray="2 4" connectNulls />
    </>
  );
}

const OVER_ALL = 720;

/** The newest measured value. */
export function EndDot({ points, tone }: { points: readonly ChartPoint[]; tone: DataTone }) {
  const newest = newestPoint(points);
  const percent = newest === null ? null : drawnPercent(newest);
  const plane = usePlane();
  if (newest === null || percent === null || plane === null) return null;
  return (
    <ZIndexLayer zIndex={OVER_ALL}>
      <circle
        cx={plane.x(newest.at)}
        cy={plane.y(percent)}
        r={5}
        fill={toneFill[tone]}
        stroke="var(--qd-surface)"
        strokeWidth={2}
      />
    </ZIndexLayer>
  );
}
