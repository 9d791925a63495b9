import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import type { Box } from './labels.ts';

export interface Plane {
  plot: Box;
  /** Pixel of an instant. */
  x(at: number): number;
  /** Pixel of a percent. */
  y(percent: number): number;
}

/** Pixels of the chart around it; null until the scales know their domain. */
export function usePlane(): Plane | null {
  const plot = usePlotArea();
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (plot === undefined || xScale === undefined || yScale === undefined) return null;
  const x = (at: number) => Number(xScale(at));
  const y = (percent: number) => Number(yScale(percent));
  if (!Number.isFinite(y(100)) || !Number.isFinite(y(0))) return null;
  return { plot, x, y };
}
