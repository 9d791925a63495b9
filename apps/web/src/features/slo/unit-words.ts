import type { SloSummary } from '@qd/shared/slo';
import { formatCount } from '../../lib/format.ts';

export type SloUnit = SloSummary['unit'];

/** `1 event`, `2,410 minutes`: what is counted, with its number. */
export function countOf(count: number, unit: SloUnit, said = formatCount(count)): string {
  const one = unit === 'minutes' ? 'minute' : 'event';
  return `${said} ${count === 1 ? one : `${one}s`}`;
}

/** `1 bad event`, `3 bad minutes`. */
export function badOf(count: number, unit: SloUnit): string {
  const one = unit === 'minutes' ? 'bad minute' : 'bad event';
  return `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;
}
