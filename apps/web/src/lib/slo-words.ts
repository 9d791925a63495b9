import type { SloState, SloSummary } from '@qd/shared/slo';
import type { DataTone, Tone } from '../ui/tone.ts';

/** How a state is shown: colour, and the word that always stands beside it. The glyph follows from the tone. */
export interface StateLook {
  tone: Tone;
  word: string;
}

const looks: Readonly<Record<SloState, StateLook>> = {
  overspent: { tone: 'crit', word: 'Overspent' },
  freeze: { tone: 'crit', word: 'Freeze' },
  fast_burn: { tone: 'warn', word: 'Fast burn' },
  caution: { tone: 'warn', word: 'Caution' },
  no_data: { tone: 'stale', word: 'No data' },
  insufficient: { tone: 'stale', word: 'Not enough data' },
  on_course: { tone: 'ok', word: 'On course' },
};

/** Most urgent first. */
const urgency: readonly SloState[] = [
  'overspent',
  'freeze',
  'fast_burn',
  'caution',
  'no_data',
  'insufficient',
  'on_course',
];

/** True when the figures are too old to be spoken of in the present tense. */
export function isStale(slo: Pick<SloSummary, 'freshness'>): boolean {
  return slo.freshness === 'stale' || slo.freshness === 'never';
}

/** The look of an objective now: what is stale is grey, whatever its last state was. */
export function sloLook(slo: Pick<SloSummary, 'freshness' | 'state'>): StateLook {
  return isStale(slo) ? { tone: 'stale', word: 'No data' } : looks[slo.state];
}

/** When the budget is gone at this burn (epoch ms), or null: a fixed window may end before, a rolling one never does. */
export function goneAt({ exhaustion, budget }: Pick<SloSummary, 'exhaustion' | 'budget'>): number | null {
  if (exhaustion.kind !== 'at') return null;
  const { view, endAt } = budget.window;
  return view === 'window' && exhaustion.at >= endAt ? null : exhaustion.at;
}

/** 0 is the most urgent state. */
export function urgencyOf(state: SloState): number {
  return urgency.indexOf(state);
}

/** Colour of a gauge or line of budget: water while calm, then as the policy says. */
export function budgetTone(slo: Pick<SloSummary, 'policy' | 'budget'>): DataTone {
  const { leftRatio } = slo.budget;
  if (leftRatio === null || leftRatio >= slo.policy.cautionRatio) return 'water';
  return leftRatio >= slo.policy.freezeRatio ? 'warn' : 'crit';
}

/** Sorts by urgency, then by budget left, then by name: the same order in every list. */
export function byUrgency(a: SloSummary, b: SloSummary): number {
  return (
    urgencyOf(a.state) - urgencyOf(b.state) ||
    (a.budget.leftRatio ?? 2) - (b.budget.leftRatio ?? 2) ||
    a.name.localeCompare(b.name)
  );
}
