import type { AlertView } from './types.ts';
import { type AlertDetails, type AlertInput, type AlertVerdict, blindVerdict } from './verdict.ts';
import { instantWords, leftWords, spanWords } from './wording.ts';

/** An alert that fires lets go only this far beyond the limit it fired at, so that a forecast may waver. */
const HYSTERESIS = 1.1;
/** Under this share of the limit it is urgent. */
const PAGE_SHARE = 0.25;

/**
 * The alert on hours left: the budget runs out sooner than the rule allows, and before its window ends and it is whole
 * again. A budget that is gone keeps an alert firing, and is not paged for unless it still burns.
 */
export function exhaustionVerdict(input: AlertInput, before: AlertView | null): AlertVerdict {
  const { slo, rules } = input;
  const limitMs = rules.exhaustionMs;
  const { leftRatio } = slo.budget;
  const details: AlertDetails = { leftRatio };
  if (limitMs === null) return { is: 'quiet', words: 'No rule watches when the budget is gone any more.', details };
  const blind = blindVerdict(input);
  if (blind !== null) return blind;
  const left = leftWords(leftRatio);
  switch (slo.exhaustion.kind) {
    case 'unknown':
      return { is: 'unknown', words: 'When the budget is gone is not known; the alert is held as it is.', details };
    case 'never':
      return { is: 'quiet', words: `Nothing burns any more; ${left}.`, details };
    case 'already':
      return { is: 'firing', severity: whenGone(input, before), tier: null, words: `${capital(left)}.`, details };
    case 'at':
      return soonVerdict(input, before, { at: slo.exhaustion.at, limitMs });
  }
}

function soonVerdict(
  { slo, now }: AlertInput,
  before: AlertView | null,
  { at, limitMs }: { at: number; limitMs: number },
): AlertVerdict {
  const { leftRatio, window } = slo.budget;
  const details: AlertDetails = { leftRatio, exhaustionAt: at };
  const leftMs = at - now;
  const horizonMs = window.view === 'rolling' ? limitMs : Math.min(limitMs, window.endAt - now);
  const when = `in ${spanWords(leftMs)}, on ${instantWords(at)}`;
  const left = leftWords(leftRatio);
  if (leftMs >= horizonMs * (before === null ? 1 : HYSTERESIS)) {
    return { is: 'quiet', words: `The budget lasts: it would be gone ${when}; ${left}.`, details };
  }
  const isPage = leftMs < limitMs * PAGE_SHARE * (before?.severity === 'page' ? HYSTERESIS : 1);
  const words = `The budget is gone ${when}, if it burns on as now; ${left}.`;
  return { is: 'firing', severity: isPage ? 'page' : 'ticket', tier: null, words, details };
}

function whenGone({ slo }: AlertInput, before: AlertView | null): 'page' | 'ticket' {
  if (before !== null) return before.severity;
  return (slo.burn5m ?? slo.burn1h ?? 0) > 1 ? 'page' : 'ticket';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
