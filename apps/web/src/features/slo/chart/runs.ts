import { drawnPercent, type ChartPoint } from './series.ts';
import type { Plane } from './use-plane.ts';

export interface Pixel {
  x: number;
  y: number;
}

/** The drawn line in pixels, one run per stretch without a hole. */
export function runsOf(points: readonly ChartPoint[], plane: Plane): Pixel[][] {
  const runs: Pixel[][] = [];
  let open: Pixel[] | null = null;
  for (const point of points) {
    const percent = drawnPercent(point);
    if (percent === null) {
      open = null;
      continue;
    }
    if (open === null) runs.push((open = []));
    open.push({ x: plane.x(point.at), y: plane.y(percent) });
  }
  return runs;
}

/** The closed shape under a run, down to `floorY`. */
export function areaPath(run: readonly Pixel[], floorY: number): string {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) return '';
  const line = run.map((pixel) => `L${pixel.x.toFixed(1)} ${pixel.y.toFixed(1)}`).join('');
  return `M${first.x.toFixed(1)} ${floorY.toFixed(1)}${line}L${last.x.toFixed(1)} ${floorY.toFixed(1)}Z`;
}
