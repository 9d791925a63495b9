import { defaultKeyPolicy, rotationDueMs, type CalendarEntry, type KeyPolicyFacts } from '@qd/shared/api-keys';
import { can, platformsWith } from '@qd/shared/permissions';
import { DAY_MS } from '@qd/shared/time';
import ical, { ICalAlarmType, ICalCalendarMethod } from 'ical-generator';
import type { Ctx } from '../../../../platform/context.ts';
import { selectKeyPolicies } from '../../queries/policies.ts';
import { selectDatedKeys, type DatedKey } from '../../queries/rotation-calendar.ts';

const MAX_KEYS = 5_000;
/** What is overdue stays in the calendar for so long. */
const BEHIND_MS = 92 * DAY_MS;

type CalendarCtx = Pick<Ctx, 'db' | 'actor' | 'now'>;

/**
 * What is due of keys the caller may see until the end of the next quarter (UTC), in order of time: rotations by policy, ends of
 * old keys, expiries.
 */
export async function keyCalendar(ctx: CalendarCtx, of: { platform?: string | undefined }): Promise<CalendarEntry[]> {
  const now = ctx.now();
  const { actor } = ctx;
  const wanted = of.platform === undefined ? platformsWith(actor.grants, 'api-keys:read') : [of.platform];
  const platforms = Array.isArray(wanted) ? wanted.filter((p) => can(actor.grants, 'api-keys:read', p)) : wanted;
  const since = new Date(now.getTime() - BEHIND_MS);
  const keys = await selectDatedKeys(ctx.db, { platforms, since, limit: MAX_KEYS });
  const policies = await selectKeyPolicies(ctx.db);
  const untilMs = endOfNextQuarterMs(now);
  return keys
    .flatMap((key) => datesOf(key, policies.get(key.platform) ?? defaultKeyPolicy(key.platform), now.getTime()))
    .filter(({ at }) => at >= since.getTime() && at < untilMs)
    .toSorted((a, b) => a.at - b.at || a.name.localeCompare(b.name) || a.keyId.localeCompare(b.keyId));
}

function datesOf(key: DatedKey, policy: KeyPolicyFacts, nowMs: number): CalendarEntry[] {
  const { id: keyId, name, platform, environment } = key;
  const entry = { keyId, name, platform, platformName: key.platformName ?? 'all platforms', environment };
  // What ended with its rotation asks for nothing any more.
  if (key.endsAt !== null) {
    const at = key.endsAt.getTime();
    return at > nowMs ? [{ ...entry, kind: 'old_key_ends', at }] : [];
  }
  const expiresMs = key.expiresAt?.getTime() ?? Infinity;
  const dueMs = key.activatedAt === null ? Infinity : rotationDueMs(policy.rotation, key.activatedAt.getTime());
  const entries: CalendarEntry[] = [];
  if (dueMs <= expiresMs && expiresMs > nowMs) entries.push({ ...entry, kind: 'rotation_due', at: dueMs });
  if (Number.isFinite(expiresMs)) entries.push({ ...entry, kind: 'expires', at: expiresMs });
  return entries;
}

/** The first instant (epoch ms, UTC) after the quarter that follows the one of `now`. */
function endOfNextQuarterMs(now: Date): number {
  return Date.UTC(now.getUTCFullYear(), (Math.floor(now.getUTCMonth() / 3) + 2) * 3, 1);
}

const titles: Readonly<Record<CalendarEntry['kind'], (name: string) => string>> = {
  rotation_due: (name) => `Rotate ${name}`,
  old_key_ends: (name) => `Old key of ${name} ends`,
  expires: (name) => `${name} expires`,
};

/** The same as a calendar (RFC 5545) to be kept or subscribed to; `publicUrl` is put before links. */
export async function calendarFile(ctx: CalendarCtx, publicUrl: string | null): Promise<string> {
  const entries = await keyCalendar(ctx, {});
  const calendar = ical({
    name: 'API keys',
    method: ICalCalendarMethod.PUBLISH,
    prodId: '//Quarterdeck//API keys//EN',
  });
  for (const { keyId, name, platformName, environment, kind, at } of entries) {
    const start = new Date(at);
    const event = calendar.createEvent({
      id: `${keyId}-${kind}@quarterdeck`,
      start,
      end: start,
      stamp: ctx.now(),
      summary: titles[kind](name),
      description: `API key ${name} (${platformName}, ${environment})`,
      ...(publicUrl === null ? {} : { url: `${publicUrl}/keys/${keyId}` }),
    });
    event.createAlarm({ type: ICalAlarmType.display, trigger: DAY_MS / 1_000 });
  }
  return calendar.toString();
}
