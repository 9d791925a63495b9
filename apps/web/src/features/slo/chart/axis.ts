import type { SloPolicy, SloWindow } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';

/** The lowest percent drawn while nothing is overspent: room to see the overspent zone. */
const CALM_FLOOR_PERCENT = -20;

export interface PercentAxis {
  domain: [number, number];
  ticks: number[];
}

const percentSteps = [25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** One percent scale for both panels: 100 down to -20, further down when more than that is overspent. */
export function percentAxis(worstPercent: number): PercentAxis {
  if (worstPercent >= CALM_FLOOR_PERCENT) return { domain: [CALM_FLOOR_PERCENT, 100], ticks: [100, 75, 50, 25, 0] };
  const step = percentSteps.find((size) => (100 - worstPercent) / size <= 7) ?? 25_000;
  const low = Math.floor(worstPercent / step) * step;
  const ticks: number[] = [];
  for (let tick = 100 - (100 % step); tick >= low; tick -= step) ticks.push(tick);
  return { domain: [low, 100], ticks: ticks.includes(100) ? ticks : [100, ...ticks] };
}

/** Percent marks of the right axis: whole, half, the two thresholds of the policy, and nothing. */
export function budgetTicks(policy: SloPolicy, axis: PercentAxis): number[] {
  const marks = [100, 0, 50, policy.cautionRatio * 100, policy.freezeRatio * 100];
  const span = axis.domain[1] - axis.domain[0];
  const kept: number[] = [];
  for (const mark of marks) {
    const tooClose = kept.some((other) => Math.abs(other - mark) / span < 0.05);
    if (!tooClose) kept.push(mark);
  }
  return kept.toSorted((a, b) => b - a);
}

export interface TimeAxis {
  ticks: number[];
  /** Units of the graduated rule under the plot. */
  units: number;
}

const dayStrides = [1, 2, 3, 5, 7, 10, 15, 30];

/** Ticks from the first instant on, at most `most` of them, and one rule unit per day (hour, when short). */
export function windowAxis(window: SloWindow, most: number): TimeAxis {
  const days = Math.max(1, Math.round(window.windowMs / DAY_MS));
  if (days < 3) return spanAxis(window.startAt, window.endAt, most);
  const stride = dayStrides.find((size) => days / size <= most - 1) ?? Math.ceil(days / (most - 1));
  const ticks: number[] = [];
  for (let day = 0; day <= days; day += stride) ticks.push(window.startAt + day * DAY_MS);
  return { ticks, units: days <= 60 ? days : Math.ceil(days / 7) };
}

const shortSteps = [1, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);

/** The same for minutes and hours: the lens, or a window of a day. */
export function spanAxis(startAt: number, endAt: number, most: number): TimeAxis {
  const span = endAt - startAt;
  const step = shortSteps.find((size) => span / size <= most - 1) ?? DAY_MS;
  const ticks: number[] = [];
  for (let at = startAt; at <= endAt; at += step) ticks.push(at);
  const unit = span <= 2 * HOUR_MS ? 5 * MINUTE_MS : HOUR_MS;
  return { ticks, units: Math.max(1, Math.round(span / unit)) };
}
