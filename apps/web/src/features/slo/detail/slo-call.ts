import type { Budget, SloDetail } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { formatDay, formatDuration, formatPercent } from '../../../lib/format.ts';
import { goneAt } from '../../../lib/slo-words.ts';
import type { Tone } from '../../../ui/tone.ts';
import { windowDays, windowWords } from '../budget-words.ts';
import { instantWords, type Moment } from '../moment.ts';
import { decides, windowSubject } from '../window-words.ts';

/** The call of the page: the clause that carries the state, and what follows from it. */
export interface Call {
  lead: string;
  tone: Tone;
  rest: string;
}

export type CallSubject = Pick<SloDetail, 'state' | 'freshness' | 'dataAt' | 'policy' | 'budget' | 'exhaustion'>;

const COUNT_SECONDS_UNDER_MS = 2 * MINUTE_MS;

/**
 * What is left, and when it is gone, in the window that is shown. Never speaks of old figures in the present tense,
 * never calls the unknown good.
 */
export function sloCall(slo: CallSubject, shown: Budget, now: Moment): Call {
  if (slo.dataAt === null || shown.leftRatio === null) return nothingKnown(slo, now);
  if (slo.freshness === 'stale' || slo.freshness === 'never') return frozenInTime(slo.dataAt, shown, now);
  if (slo.state === 'insufficient') return tooLittle(shown);
  if (shown.leftRatio <= 0) return overspent(slo, shown, now);
  return {
    lead: `${overWords(slo, shown, now)}${formatPercent(shown.leftRatio)} of the error budget is left.`,
    tone: leftTone(slo, shown),
    rest: shown === slo.budget ? runsOut(slo, now) : decidingBeside(slo, now),
  };
}

/** "Over the last 30 days, ": said of any window but a fixed one that decides. */
function overWords(slo: CallSubject, shown: Budget, now: Moment): string {
  if (shown.window.view === 'rolling') return `Over the last ${windowWords(shown.window.windowMs)}, `;
  if (shown.window.calendar !== undefined) return `In ${windowSubject(shown.window, now.nowMs).words}, `;
  return shown === slo.budget ? '' : `From ${windowDays(shown.window, now.zone, now.nowMs)}, `;
}

function nothingKnown(slo: CallSubject, now: Moment): Call {
  if (slo.dataAt === null) {
    return {
      lead: 'Nothing has been measured yet.',
      tone: 'stale',
      rest: 'The budget is not known until the first minute arrives.',
    };
  }
  const silent = slo.freshness === 'stale' || slo.freshness === 'never';
  if (!silent)
    return {
      lead: 'Nothing has happened yet in this window.',
      tone: 'stale',
      rest: 'Without a single event there is no budget to speak of.',
    };
  return {
    lead: `No data since ${instantWords(slo.dataAt, now)}.`,
    tone: 'stale',
    rest: 'What is left of the budget is not known.',
  };
}

function frozenInTime(dataAt: number, budget: Budget, now: Moment): Call {
  const left = budget.leftRatio ?? 0;
  const what =
    left <= 0
      ? `the error budget was overspent by ${formatPercent(-left)}`
      : `${formatPercent(left)} of the error budget was left`;
  return { lead: `At ${instantWords(dataAt, now)} ${what}.`, tone: 'stale', rest: 'We cannot see newer figures.' };
}

function tooLittle(budget: Budget): Call {
  const measured = formatPercent(budget.coverageRatio, 0);
  if (budget.bounds === null) {
    return {
      lead: 'Too little is measured to judge this budget.',
      tone: 'stale',
      rest: `${measured} of the window so far is covered.`,
    };
  }
  const { worstLeftRatio, bestLeftRatio } = budget.bounds;
  return {
    lead: 'Too little is measured to judge this budget.',
    tone: 'stale',
    rest: `Between ${formatPercent(worstLeftRatio)} and ${formatPercent(bestLeftRatio)} is left; ${measured} of the window so far is covered.`,
  };
}

function overspent(slo: CallSubject, shown: Budget, now: Moment): Call {
  const by = -(shown.leftRatio ?? 0);
  const lead = by === 0 ? 'The error budget is gone.' : `The error budget is overspent by ${formatPercent(by)}.`;
  if (shown !== slo.budget) {
    const { words } = windowSubject(shown.window, now.nowMs);
    return { lead, tone: 'crit', rest: `Counted over ${words}. ${decidingBeside(slo, now)}`.trim() };
  }
  if (shown.window.view === 'rolling') {
    const rest = `It recovers as old failures leave the last ${windowWords(shown.window.windowMs)}.`;
    return { lead, tone: 'crit', rest };
  }
  const since = slo.exhaustion.kind === 'already' ? slo.exhaustion.since : null;
  const ends = `The next one starts on ${formatDay(shown.window.endAt, now.zone, now.nowMs)}.`;
  return { lead, tone: 'crit', rest: since === null ? ends : `It ran out at ${instantWords(since, now)}. ${ends}` };
}

function leftTone(slo: CallSubject, budget: Budget): Tone {
  const left = budget.leftRatio ?? 0;
  if (left < slo.policy.freezeRatio) return 'crit';
  if (left < slo.policy.cautionRatio || slo.state === 'fast_burn') return 'warn';
  return 'none';
}

/** Another window never judges: the call names the figure of the one that does. */
function decidingBeside({ budget }: CallSubject, { nowMs }: Moment): string {
  return budget.leftRatio === null ? '' : `${decides(budget.window, nowMs)} ${formatPercent(budget.leftRatio)}.`;
}

function runsOut(slo: CallSubject, now: Moment): string {
  const { exhaustion, budget } = slo;
  if (exhaustion.kind === 'never') return 'Nothing is being spent right now.';
  if (exhaustion.kind !== 'at') return '';
  const aheadMs = exhaustion.at - now.nowMs;
  if (aheadMs <= 0) return 'At this burn it is gone about now.';
  if (goneAt(slo) === null) {
    return `At this burn it lasts past the end of the window on ${formatDay(budget.window.endAt, now.zone, now.nowMs)}.`;
  }
  const when = instantWords(exhaustion.at, now);
  return aheadMs < 48 * HOUR_MS
    ? `At this burn it is gone at ${when}, in ${countdown(aheadMs)}.`
    : `At this burn it is gone on ${formatDay(exhaustion.at, now.zone, now.nowMs)}, in ${formatDuration(aheadMs, { parts: 1 })}.`;
}

/** `99 seconds`, `21 min`, `9 h 20 min`. */
function countdown(ms: number): string {
  if (ms < COUNT_SECONDS_UNDER_MS) {
    const seconds = Math.max(1, Math.round(ms / SECOND_MS));
    return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
  }
  return formatDuration(ms, { parts: ms < HOUR_MS ? 1 : 2 });
}
