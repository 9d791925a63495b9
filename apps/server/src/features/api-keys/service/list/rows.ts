import {
  keyStopsMs,
  rotationDueMs,
  shownKey,
  type KeyBar,
  type KeyListRow,
  type KeyPolicyFacts,
} from '@qd/shared/api-keys';
import type { ReadDb } from '../../../../db/client.ts';
import { RATE_MINUTES, selectBars, type BarRow, type ListedKey } from '../../queries/list.ts';
import { dueSoonMs } from './bounds.ts';
import { movedConsumers } from './moved.ts';

/** What rows are made with besides what was read of them. */
export interface RowsWith {
  now: Date;
  policyOf(platform: string): KeyPolicyFacts;
}

/** Rows of the list from keys as read, with the keys they replace or are replaced by. Three more statements at most. */
export async function keyRows(
  db: ReadDb,
  listed: readonly ListedKey[],
  { now, policyOf }: RowsWith,
): Promise<KeyListRow[]> {
  const others = listed.flatMap((key) => [key.rotation?.newKeyId ?? [], key.previousKeyId ?? []].flat());
  const bars = await selectBars(db, others, now);
  const pairs = listed.flatMap(({ id, lineageId, rotation }) =>
    rotation === null ? [] : [{ oldKeyId: id, newKeyId: rotation.newKeyId, lineageId }],
  );
  const moved = await movedConsumers(db, pairs, now);
  return listed.map((key) => ({
    ...barOf(key),
    ...factsOf(key),
    ...dueOf(key, policyOf(key.platform), now.getTime()),
    rotation: rotationOf(key, bars, moved.get(key.id) ?? 0),
    previous: key.previousKeyId === null ? null : barOrNull(bars.get(key.previousKeyId)),
    ratePerMin: key.calls / RATE_MINUTES,
  }));
}

/** A key as a bar. */
export function barOf(row: BarRow): KeyBar {
  return {
    id: row.id,
    shown: shownKey(row),
    state: row.state,
    createdAt: row.createdMs,
    activatedAt: row.activatedMs,
    stopsAt: keyStopsMs({ expiresAt: row.expiresMs, endsAt: row.endsMs }),
    endedAt: row.endedMs,
  };
}

function barOrNull(row: BarRow | undefined): KeyBar | null {
  return row === undefined ? null : barOf(row);
}

function factsOf(key: ListedKey) {
  const { name, platform, environment, format, isDemo, endReason, endedByName, rateLimitPerMin } = key;
  const { consumers, scopes, scopesUsed } = key;
  return {
    name,
    platform,
    environment,
    format,
    isDemo,
    endReason,
    endedByName,
    rateLimitPerMin,
    consumers,
    scopes,
    scopesUsed,
    platformName: key.platformName ?? (platform === '*' ? 'All platforms' : platform),
    isLegacy: format === 'opaque',
    owner: key.ownerId === null ? null : { id: key.ownerId, name: key.ownerName ?? key.ownerId },
    expiresAt: key.expiresMs,
    firstUsedAt: key.firstUsedMs,
    lastUsedAt: key.lastUsedMs,
    refusedToday: key.refused,
  };
}

function dueOf({ state, activatedMs }: ListedKey, policy: KeyPolicyFacts, nowMs: number) {
  if (state !== 'active' || activatedMs === null) return { rotationDueAt: null, isDue: false };
  const rotationDueAt = rotationDueMs(policy.rotation, activatedMs);
  return { rotationDueAt, isDue: rotationDueAt <= nowMs + dueSoonMs(policy) };
}

function rotationOf({ rotation }: ListedKey, bars: ReadonlyMap<string, BarRow>, moved: number): KeyListRow['rotation'] {
  const successor = rotation === null ? null : barOrNull(bars.get(rotation.newKeyId));
  if (rotation === null || successor === null) return null;
  return { id: rotation.id, successor, startedAt: rotation.startedMs, deadlineAt: rotation.deadlineMs, moved };
}
