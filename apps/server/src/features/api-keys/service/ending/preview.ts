import { keyState } from '@qd/shared/api-keys';
import type { EndingCaller, EndingPreview } from '@qd/shared/api-keys/ending';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { selectConsumers, type ConsumerRow } from '../../queries/consumers.ts';
import {
  selectCallerTotals,
  selectCallsBetween,
  selectKeysWithOwner,
  selectOpenRotationsOf,
  type KeyWithOwner,
} from '../../queries/ending.ts';
import { consumerOf } from '../rotation/callers.ts';
import { standingOf } from '../standing.ts';
import { visibleKey } from '../visible-key.ts';

type Reader = Pick<Ctx, 'db' | 'actor' | 'now'>;

/** Minutes whose mean is the rate now. */
const RATE_MINUTES = 5;
const MAX_CALLERS = 500;
const SHOWN_CALLERS = 20;
const NAMED = 5;

/** What ending a key now would cost, from the calls that were made with it. Throws `not_found`. */
export async function endingPreview(ctx: Reader, { id }: { id: string }): Promise<EndingPreview> {
  const [found] = await selectKeysWithOwner(ctx.db, [id]);
  const key = visibleKey(ctx, found?.key ?? null);
  const now = ctx.now();
  const thisMinute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
  const before = (from: Date, ms: number) => new Date(from.getTime() - ms);
  const rated = { keyId: id, from: before(thisMinute, RATE_MINUTES * MINUTE_MS), to: thisMinute };
  const totals = await selectCallerTotals(ctx.db, {
    keyId: id,
    hourAgo: before(now, HOUR_MS),
    dayAgo: before(now, DAY_MS),
    limit: MAX_CALLERS,
  });
  const consumers = await selectConsumers(ctx.db, key.lineageId);
  const callers = totals.map(({ lastMs, ...total }): EndingCaller => ({
    ...total,
    lastAt: lastMs,
    consumer: consumerOf(consumers, total)?.name ?? null,
  }));
  return {
    ...shown({ key, owner: found?.owner ?? null }, now),
    perMinute: (await selectCallsBetween(ctx.db, rated)) / RATE_MINUTES,
    lastHour: sumOf(callers, 'lastHour'),
    lastDay: sumOf(callers, 'lastDay'),
    callers: callers.slice(0, SHOWN_CALLERS),
    callersMore: Math.max(0, callers.length - SHOWN_CALLERS),
    from: namesOf(callers),
    consumers: consumers.map((consumer) => consumerView(consumer, callers)),
    rotation: await rotationOf(ctx, id),
    asOf: now.getTime(),
  };
}

function shown({ key, owner }: KeyWithOwner, now: Date) {
  const { id, name, platform, environment } = key;
  const state = keyState(standingOf(key, owner?.state ?? null), now.getTime());
  return { id, name, platform, environment, state, ownerEmail: owner?.email ?? null };
}

function sumOf(callers: readonly EndingCaller[], figure: 'lastHour' | 'lastDay'): number {
  return callers.reduce((sum, caller) => sum + caller[figure], 0);
}

function namesOf(callers: readonly EndingCaller[]): string[] {
  const recent = callers.filter(({ lastHour }) => lastHour > 0);
  return [...new Set(recent.map(({ consumer, address }) => consumer ?? address))].slice(0, NAMED);
}

function consumerView({ name, ownerName }: ConsumerRow, callers: readonly EndingCaller[]) {
  const own = callers.filter((caller) => caller.consumer === name);
  return { name, ownerName, lastHour: sumOf(own, 'lastHour'), lastDay: sumOf(own, 'lastDay') };
}

async function rotationOf(ctx: Reader, id: string): Promise<EndingPreview['rotation']> {
  const [rotation] = await selectOpenRotationsOf(ctx.db, id);
  if (rotation === undefined) return null;
  const role = rotation.oldKeyId === id ? 'old' : 'successor';
  const otherId = role === 'old' ? rotation.newKeyId : rotation.oldKeyId;
  const keys = await selectKeysWithOwner(ctx.db, [rotation.oldKeyId, rotation.newKeyId]);
  const nameOf = (keyId: string) => keys.find(({ key }) => key.id === keyId)?.key;
  const endsAt = nameOf(rotation.oldKeyId)?.endsAt?.getTime() ?? null;
  return { role, otherId, otherName: nameOf(otherId)?.name ?? otherId, endsAt };
}
