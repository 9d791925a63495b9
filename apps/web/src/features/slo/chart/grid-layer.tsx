import { usePlane } from './use-plane.ts';

/** The paper of the plot with a line at every percent that is named. */
export function GridLayer({ ticks }: { ticks: readonly number[] }) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot, y } = plane;
  return (
    <g aria-hidden="true">
      <rect x={plot.x} y={plot.y} width={plot.width} height={plot.height} fill="var(--qd-surface)" />
      {ticks.map((tick) => (
        <path key={tick} d={`M${plot.x} ${y(tick)}H${plot.x + plot.width}`} stroke="var(--qd-line)" />
      ))}
    </g>
  );
}
