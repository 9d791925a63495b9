import { rotationDueMs } from '../api-keys/index.ts';
import { DAY_MS } from '../time/index.ts';

/** When a secret is to be rotated: after so many days, with the quarters or once a year (UTC), or when somebody decides to. */
export const secretCadences = ['days', 'quarterly', 'yearly', 'manual'] as const;
export type SecretCadence = (typeof secretCadences)[number];

/** A secret this near to its day is spoken of as due. */
export const DUE_SOON_MS = 14 * DAY_MS;
export const MAX_EVERY_DAYS = 3_660;

/** How often; `everyDays` is a number with `days` and null with every other cadence. */
export interface Cadence {
  cadence: SecretCadence;
  everyDays: number | null;
}

/** Where a secret stands; `never`: nobody has recorded a rotation yet, so nobody knows how old it is. */
export const secretStates = ['ok', 'due_soon', 'overdue', 'never', 'manual'] as const;
export type SecretState = (typeof secretStates)[number];

/** Where somebody has something to do. */
export const dueStates = ['overdue', 'due_soon', 'never'] as const satisfies readonly SecretState[];

/**
 * When a secret rotated at `lastRotatedMs` is due again (epoch ms); null when that is never known or left to people. Quarters turn
 * as they do for keys: a rotation in the last 14 days of a quarter holds to the end of the next. Days and years keep the time of
 * day; 29 February becomes 28 February.
 */
export function nextDueMs({ cadence, everyDays }: Cadence, lastRotatedMs: number | null): number | null {
  if (lastRotatedMs === null || cadence === 'manual') return null;
  if (cadence === 'quarterly') return rotationDueMs({ by: 'quarter' }, lastRotatedMs);
  if (cadence === 'yearly') return sameDayNextYear(lastRotatedMs);
  return everyDays === null ? null : lastRotatedMs + everyDays * DAY_MS;
}

function sameDayNextYear(atMs: number): number {
  const at = new Date(atMs);
  const [year, month, day] = [at.getUTCFullYear() + 1, at.getUTCMonth(), at.getUTCDate()];
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, lastOfMonth)) + (atMs - startOfDay(at));
}

function startOfDay(at: Date): number {
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
}

/** Where a secret stands at an instant; all instants are epoch ms. It is overdue from the very millisecond it was due. */
export function secretState(
  secret: { cadence: SecretCadence; lastRotatedAt: number | null; nextDueAt: number | null },
  nowMs: number,
): SecretState {
  if (secret.cadence === 'manual') return 'manual';
  if (secret.lastRotatedAt === null || secret.nextDueAt === null) return 'never';
  if (secret.nextDueAt <= nowMs) return 'overdue';
  return secret.nextDueAt - nowMs <= DUE_SOON_MS ? 'due_soon' : 'ok';
}
