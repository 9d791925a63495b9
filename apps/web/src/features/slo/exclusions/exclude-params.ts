import type { SpendItem } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';

/** Parameters with which the exclusions page opens its form filled. Instants are epoch ms. */
export interface ExcludeStretch {
  slo: string;
  startAt: number;
  endAt: number;
  reason: string;
}

/** The address parameters of a stretch of time to exclude, in whole minutes around it. */
export function stretchParams({ slo, startAt, endAt, reason }: ExcludeStretch): Record<string, string> {
  const from = Math.floor(startAt / MINUTE_MS) * MINUTE_MS;
  const to = Math.max(from + MINUTE_MS, Math.ceil(endAt / MINUTE_MS) * MINUTE_MS);
  return { slo, edit: 'new', from: String(from), to: String(to), reason };
}

/** The same for the time of a closed incident; null for what has no end or is no incident. */
export function excludeParams(item: SpendItem, slo: string): Record<string, string> | null {
  const { mark, at, endAt } = item;
  if (mark?.kind !== 'incident' || at === null || endAt === null || mark.open) return null;
  const what = item.detail === '' ? '' : `: ${item.detail}`;
  return stretchParams({ slo, startAt: at, endAt, reason: `${item.label}${what}`.slice(0, 500) });
}
