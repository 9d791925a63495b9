import type { SloSummary } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@qd/shared/time';
import { formatClock, formatDay, formatDuration } from '../../../lib/format.ts';
import { goneAt, isStale } from '../../../lib/slo-words.ts';
import type { Zone } from '../../../lib/zone.ts';

const SECONDS_UNDER_MS = 100 * SECOND_MS;

/** When the budget is gone at this burn: `14:49, in 99 s`, `today 22:44`, `7 Oct`, `not this window`; empty when not known. */
export function runsOut(
  slo: Pick<SloSummary, 'exhaustion' | 'budget' | 'freshness'>,
  nowMs: number,
  zone: Zone,
): string {
  const { exhaustion, budget } = slo;
  if (isStale(slo) || budget.leftRatio === null) return '';
  switch (exhaustion.kind) {
    case 'unknown':
      return '';
    case 'never':
      return budget.window.view === 'rolling' ? 'not at this burn' : 'not this window';
    case 'already':
      return exhaustion.since === null ? 'gone' : `gone ${moment(exhaustion.since, nowMs, zone)}`;
    case 'at':
      return goneAt({ exhaustion, budget }) === null ? 'not this window' : ahead(exhaustion.at, nowMs, zone);
  }
}

function ahead(at: number, nowMs: number, zone: Zone): string {
  const left = at - nowMs;
  if (left <= 0) return 'about now';
  if (left < SECONDS_UNDER_MS) return `${formatClock(at, zone)}, in ${Math.max(1, Math.round(left / SECOND_MS))} s`;
  if (left < HOUR_MS) return `${formatClock(at, zone)}, in ${formatDuration(left, { parts: 1 })}`;
  return moment(at, nowMs, zone);
}

function moment(at: number, nowMs: number, zone: Zone): string {
  const day = formatDay(at, zone, nowMs);
  if (day === formatDay(nowMs, zone, nowMs)) return `today ${formatClock(at, zone)}`;
  return Math.abs(at - nowMs) < 2 * DAY_MS ? `${day} ${formatClock(at, zone)}` : day;
}
