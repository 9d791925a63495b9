import { areaPath, runsOf } from './runs.ts';
import type { ChartPoint } from './series.ts';
import { usePlane } from './use-plane.ts';

/** What is left as water in two depths, above the caution zone and only where something was measured. */
export function WaterLayer({
  id,
  points,
  cautionPercent,
}: {
  id: string;
  points: readonly ChartPoint[];
  cautionPercent: number;
}) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot, y } = plane;
  const middle = y(Math.max(50, cautionPercent));
  const caution = y(cautionPercent);
  const shapes = runsOf(points, plane).map((run) => areaPath(run, y(0)));
  return (
    <g aria-hidden="true">
      <clipPath id={id}>
        <path d={shapes.join('')} />
      </clipPath>
      <g clipPath={`url(#${id})`}>
        <rect x={plot.x} width={plot.width} y={y(100)} height={middle - y(100)} fill="var(--qd-water-1)" />
        <rect x={plot.x} width={plot.width} y={middle} height={caution - middle} fill="var(--qd-water-2)" />
      </g>
    </g>
  );
}
