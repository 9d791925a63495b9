import type { Budget, PolicyMeanings, SloDetail, SloPolicy } from '@qd/shared/slo';
import { formatDay, formatDecimal } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { GlyphName } from '../../../ui/glyph.tsx';
import { windowWords } from '../budget-words.ts';

/** What the budget policy says now: may we ship? */
export interface PolicyStage {
  key: 'ship' | 'caution' | 'freeze' | 'overspent' | 'unknown';
  word: string;
  glyph: GlyphName;
  tone: 'ok' | 'warn' | 'crit' | 'stale';
  /** The threshold that put it here. */
  because: string;
  advice: string;
}

export type StageSubject = Pick<SloDetail, 'state' | 'freshness' | 'policy' | 'budget' | 'meanings'>;

/** What each zone means where the team has not said it in its own words. */
export const standardMeanings: PolicyMeanings = {
  ship: 'Releases go out as planned.',
  caution: 'Small, reversible changes ship. Risky ones wait.',
  freeze: 'Only reliability fixes ship. Deploys need the commander.',
  overspent: 'Only reliability fixes ship.',
};

/** The meaning of a zone: the team's words, else the standard ones. */
export function meaningOf(meanings: PolicyMeanings, zone: keyof PolicyMeanings): string {
  return meanings[zone] === '' ? standardMeanings[zone] : meanings[zone];
}

const percent = (ratio: number) => `${formatDecimal(ratio * 100, 1)}%`;

/** The stage by the window that decides. What is not known allows nothing. */
export function policyStage(slo: StageSubject, zone: Zone, nowMs: number): PolicyStage {
  const { policy, budget } = slo;
  const left = budget.leftRatio;
  const blind = slo.freshness === 'stale' || slo.freshness === 'never';
  if (left === null || blind || slo.state === 'insufficient' || slo.state === 'no_data') {
    return unknown(slo.freshness === 'never' ? 'nothing measured yet' : blind ? 'no fresh data' : 'not enough data');
  }
  if (left <= 0) return overspent(slo, zone, nowMs);
  if (left < policy.freezeRatio) {
    return {
      key: 'freeze',
      word: 'Freeze',
      glyph: 'crit',
      tone: 'crit',
      because: `under ${percent(policy.freezeRatio)} left`,
      advice: meaningOf(slo.meanings, 'freeze'),
    };
  }
  return left < policy.cautionRatio ? caution(slo) : ship(slo, policy);
}

function caution({ policy, meanings }: StageSubject): PolicyStage {
  return {
    key: 'caution',
    word: 'Caution',
    glyph: 'warn',
    tone: 'warn',
    because: `under ${percent(policy.cautionRatio)} left`,
    advice: meaningOf(meanings, 'caution'),
  };
}

function ship(slo: StageSubject, policy: SloPolicy): PolicyStage {
  const fast = slo.state === 'fast_burn';
  return {
    key: 'ship',
    word: fast ? 'Fast burn' : 'Ship',
    glyph: fast ? 'warn' : 'ok',
    tone: fast ? 'warn' : 'ok',
    because: `over ${percent(policy.cautionRatio)} left`,
    advice: fast
      ? 'The budget allows changes, but something is spending it now. Find out what first.'
      : meaningOf(slo.meanings, 'ship'),
  };
}

function overspent({ budget, meanings }: StageSubject, zone: Zone, nowMs: number): PolicyStage {
  return {
    key: 'overspent',
    word: 'Overspent',
    glyph: 'crit',
    tone: 'crit',
    because: 'nothing left',
    advice: meanings.overspent === '' ? overspentUntil(budget, zone, nowMs) : meanings.overspent,
  };
}

function overspentUntil({ window }: Budget, zone: Zone, nowMs: number): string {
  const fixes = 'Only reliability fixes ship until';
  return window.view === 'rolling'
    ? `${fixes} enough old failures have left the last ${windowWords(window.windowMs)}.`
    : `${fixes} the next window on ${formatDay(window.endAt, zone, nowMs)}.`;
}

function unknown(because: string): PolicyStage {
  return {
    key: 'unknown',
    word: 'Not known',
    glyph: 'unknown',
    tone: 'stale',
    because,
    advice: 'No decision without data. Hold risky releases until it is measured again.',
  };
}
