import { DAY_MS } from '@qd/shared/time';
import { dayOf, type Zone } from '../../lib/zone.ts';

/** The end of a day written as 2026-10-03 by the clock of the zone (epoch ms); null for no day. */
export function endOfDay(text: string, zone: Zone): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const noon = Date.parse(`${text}T00:00:00Z`) + DAY_MS / 2;
  return Number.isNaN(noon) ? null : dayOf(noon, zone).endAt;
}
