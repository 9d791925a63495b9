import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import type { ReadDb } from '../../../../db/client.ts';
import { selectConsumersOfMany } from '../../queries/list-consumers.ts';
import { selectCallers } from '../../queries/rotation-calls.ts';
import { adoptionOfCalls, consumerOf } from '../rotation/callers.ts';
import { SPAN_MS } from '../usage/tally.ts';

/** Beyond a day nobody counts as sending either key. */
const SINCE_MS = DAY_MS;
/** Of each key. */
const MAX_CALLERS = 500;

/** An old key, its successor and whom they belong to. */
export interface RotatingPair {
  oldKeyId: string;
  newKeyId: string;
  lineageId: string;
}

/** How many consumers send the new key alone from wherever they call, by the id of the old one. Two statements, whatever the number of rotations. */
export async function movedConsumers(
  db: ReadDb,
  pairs: readonly RotatingPair[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  if (pairs.length === 0) return new Map();
  const nowMs = now.getTime();
  const consumers = Map.groupBy(
    await selectConsumersOfMany(
      db,
      pairs.map((pair) => pair.lineageId),
    ),
    (consumer) => consumer.lineageId,
  );
  const calls = await selectCallers(db, {
    keyIds: pairs.flatMap((pair) => [pair.oldKeyId, pair.newKeyId]),
    since: new Date(nowMs - SINCE_MS),
    hourAgo: new Date(nowMs - HOUR_MS),
    spanMs: SPAN_MS,
    limit: MAX_CALLERS,
  });
  const byKey = Map.groupBy(calls, (call) => call.keyId);
  return new Map(
    pairs.map(({ oldKeyId, newKeyId, lineageId }) => {
      const own = consumers.get(lineageId) ?? [];
      const theirs = [oldKeyId, newKeyId].flatMap((keyId) => byKey.get(keyId) ?? []);
      const byConsumer = Map.groupBy(theirs, (call) => consumerOf(own, call)?.name ?? null);
      const moved = own.filter(({ name }) => adoptionOfCalls(byConsumer.get(name) ?? [], oldKeyId, nowMs) === 'new');
      return [oldKeyId, moved.length];
    }),
  );
}
