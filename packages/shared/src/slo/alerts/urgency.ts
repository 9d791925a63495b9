import { DAY_MS, HOUR_MS } from '../../time/index.ts';
import type { BurnRowSpec, BurnTier } from '../types.ts';
import type { AlertKind, AlertView } from './types.ts';

/** What makes one alert more urgent than another. */
export type Urgency = Pick<AlertView, 'severity' | 'tier'>;

const tierRank: Record<BurnTier, number> = { fast: 3, medium: 2, slow: 1, long_term: 0 };
const kindRank: Record<AlertKind, number> = { burn: 2, exhaustion: 1, absent: 0 };

function rankOf({ severity, tier }: Urgency): number {
  return (severity === 'page' ? 10 : 0) + (tier === null ? 0 : tierRank[tier]);
}

/** True if the first is more urgent: pages before tickets, then the faster tier. */
export function isMoreUrgent(a: Urgency, b: Urgency): boolean {
  return rankOf(a) > rankOf(b);
}

/** Order for showing alerts: the most urgent first, then the burn before the rest, then the oldest. */
export function byUrgency(a: AlertView, b: AlertView): number {
  return rankOf(b) - rankOf(a) || kindRank[b.kind] - kindRank[a.kind] || a.firedAt - b.firedAt;
}

/** How fast a row is among its kin, by its long window: fast up to 1 h, medium to 6 h, slow to 1 d, then long-term. */
export function tierOf({ longMs }: Pick<BurnRowSpec, 'longMs'>): BurnTier {
  if (longMs <= HOUR_MS) return 'fast';
  if (longMs <= 6 * HOUR_MS) return 'medium';
  return longMs <= DAY_MS ? 'slow' : 'long_term';
}
