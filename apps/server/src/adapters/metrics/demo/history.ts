import { expectedEvents, parseTarget } from '@qd/shared/slo';
import type { MinuteCount } from '../port.ts';
import type { DemoBinding, DemoHistory } from './port.ts';
import { DAY_MINUTES, noise, seedOf, traffic, whole, type Episode, type Story } from './story.ts';

const HISTORY_DAYS = 90;
/** No outage refuses everything: health checks and caches keep answering. */
const MAX_BAD_RATIO = 0.94;

/** Binds a story to "now" and scales its last episode so that the budget left comes out as told. */
export function bindStory(story: Story, binding: DemoBinding): DemoHistory {
  const seed = seedOf(story.key);
  const firstMinute = binding.nowMinute - HISTORY_DAYS * DAY_MINUTES;
  const budget = budgetEvents(story, seed, binding);
  const perMinute = (story.backgroundShare * budget) / binding.windowMinutes;
  const shaped = story.episodes.map((e) => ({ episode: e, weight: weightUntilNow(e), ratio: 0 }));
  const count = (m: number): MinuteCount => {
    const rel = m - binding.nowMinute;
    const total = whole(story.requestsPerMinute * traffic(seed, rel), seed, m);
    const observed = !missing(story, rel);
    if (!observed) return { m, total: 0, bad: 0, observed };
    let bad = perMinute * (0.6 + 0.8 * noise(seed ^ 0x1b873593, Math.floor(rel / 45)));
    for (const s of shaped) bad += s.ratio * shapeAt(s.episode, rel);
    const badRatio = Math.min(MAX_BAD_RATIO, bad / (story.requestsPerMinute * traffic(seed, rel)));
    return { m, total, bad: whole(total * badRatio, seed ^ 0x27d4eb2f, m), observed };
  };
  for (const s of shaped) if (s.episode.share !== 'rest') s.ratio = (s.episode.share * budget) / s.weight;
  const rest = shaped.find((s) => s.episode.share === 'rest');
  if (rest)
    rest.ratio = calibrate(rest, budget * (1 - story.leftRatio), () =>
      badBetween(count, binding.windowStartMinute, binding.nowMinute),
    );
  return {
    firstMinute,
    minutes: (from, to) =>
      Array.from({ length: Math.max(0, to - Math.max(from, firstMinute)) }, (_, i) =>
        count(Math.max(from, firstMinute) + i),
      ),
  };
}

/** Events the budget allows, from the very estimate the console makes of the window's total. */
function budgetEvents(story: Story, seed: number, b: DemoBinding): number {
  const soFar = totalBetween(story, seed, b, [b.windowStartMinute, b.nowMinute]);
  const previousStart = b.windowStartMinute - b.windowMinutes;
  const sameElapsed = previousStart + (b.nowMinute - b.windowStartMinute);
  const { expectedEvents: expected } = expectedEvents({
    soFar,
    elapsedRatio: (b.nowMinute - b.windowStartMinute) / b.windowMinutes,
    previous: {
      total: totalBetween(story, seed, b, [previousStart, b.windowStartMinute]),
      totalAtSameElapsed: totalBetween(story, seed, b, [previousStart, sameElapsed]),
      coverageRatio: 1,
    },
  });
  return expected * parseTarget(b.targetPercent).allowedRatio;
}

function totalBetween(story: Story, seed: number, b: DemoBinding, [from, to]: [number, number]): number {
  let sum = 0;
  for (let m = from; m < to; m += 1) {
    if (!missing(story, m - b.nowMinute))
      sum += whole(story.requestsPerMinute * traffic(seed, m - b.nowMinute), seed, m);
  }
  return sum;
}

function missing(story: Story, rel: number): boolean {
  return (story.gaps ?? []).some((g) => rel >= g.fromMinute && rel < g.toMinute);
}

function badBetween(count: (m: number) => MinuteCount, from: number, to: number): number {
  let sum = 0;
  for (let m = from; m < to; m += 1) sum += count(m).bad;
  return sum;
}

function shapeAt(e: Episode, rel: number): number {
  const minute = rel - e.fromMinute;
  if (minute < 0 || minute >= e.minutes) return 0;
  return e.shape ? e.shape(minute) : 1;
}

function weightUntilNow(e: Episode): number {
  let sum = 0;
  for (let minute = 0; minute < e.minutes && e.fromMinute + minute < 0; minute += 1)
    sum += e.shape ? e.shape(minute) : 1;
  return Math.max(sum, 1e-9);
}

/** Two corrections suffice: rounding and the cap move the sum only a little. */
function calibrate(rest: { weight: number; ratio: number }, wantedBad: number, badNow: () => number): number {
  for (let round = 0; round < 3; round += 1)
    rest.ratio = Math.max(0, rest.ratio + (wantedBad - badNow()) / rest.weight);
  return rest.ratio;
}
