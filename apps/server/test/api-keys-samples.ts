import { DAY_MS } from '@qd/shared/time';
import type { Db } from '../src/db/client.ts';
import { keyLeakHits, keyLeakReports, keyRotations, keyScopeUsage, keyUsage } from '../src/db/schema/index.ts';
import { addKeys, keyRow } from './api-keys.ts';
import type { Sample } from './slo-samples.ts';

/** What there is of keys on one platform. */
export interface PlantedKey {
  platform: string;
  key: string;
}

/** Stores an overdue key that was used; `mark` is in every name, and in no id. */
export async function plantKey(db: Db, of: { platform: string; mark: string; now: Date }): Promise<PlantedKey> {
  const { platform, mark, now } = of;
  const id = `key_at_${platform}`;
  const began = new Date(now.getTime() - 200 * DAY_MS);
  const over = { platform, name: mark, scopes: [`${mark}:read`], createdAt: began, activatedAt: began };
  await addKeys({ db }, [keyRow(id, now, over)]);
  const span = { startsAt: now, spanMs: 600_000, lastAt: now };
  await db
    .insert(keyUsage)
    .values({ keyId: id, ...span, address: '198.51.100.7', agent: mark, outcome: 'ok', count: 1 });
  await db
    .insert(keyScopeUsage)
    .values({ keyId: id, scope: `${mark}:read`, day: now.toISOString().slice(0, 10), count: 1 });
  await plantRotation(db, of);
  await plantLeak(db, id, of);
  return { platform, key: id };
}

/** A text in which the key was found, at a place that is named after it. */
async function plantLeak(db: Db, keyId: string, of: { platform: string; mark: string; now: Date }): Promise<void> {
  const report = {
    id: `klr_at_${of.platform}`,
    source: 'paste' as const,
    place: of.mark,
    characters: 1,
    candidates: 1,
  };
  await db.insert(keyLeakReports).values({ ...report, reportedAt: of.now });
  await db.insert(keyLeakHits).values({ reportId: report.id, keyId, action: 'reported' });
}

/** A key that is being rotated: `old_at_` and the platform, and its successor `new_at_`. */
async function plantRotation(db: Db, of: { platform: string; mark: string; now: Date }): Promise<void> {
  const { platform, mark, now } = of;
  const [oldKeyId, newKeyId] = [`old_at_${platform}`, `new_at_${platform}`];
  const over = { platform, name: mark, lineageId: oldKeyId };
  const endsAt = new Date(now.getTime() + DAY_MS);
  await addKeys({ db }, [keyRow(oldKeyId, now, { ...over, endsAt }), keyRow(newKeyId, now, over)]);
  const rotation = { id: `rot_at_${platform}`, oldKeyId, newKeyId, reason: mark };
  await db.insert(keyRotations).values({ ...rotation, startedAt: now, deadlineAt: endsAt });
}

/** One input or more for each procedure about keys, valid and about what is planted there. */
export function keySamples({ platform, key: id }: PlantedKey): Sample[] {
  return [
    // Looking at keys and their use.
    ['apiKeys.list', {}],
    ['apiKeys.list', { platform, show: 'due' }],
    ['apiKeys.attention', {}],
    ['apiKeys.attention', { platform }],
    ['apiKeys.counts', {}],
    ['apiKeys.peppers', {}],
    ['apiKeys.counts', { platform }],
    ['apiKeys.get', { id }],
    ['apiKeys.usage', { id, hours: 24 }],
    ['apiKeys.scopeUse', { id }],
    ...rotationSamples({ platform, key: id }),
    ...endingSamples({ platform, key: id }),
  ];
}

function endingSamples({ platform, key: id }: PlantedKey): Sample[] {
  const reason = 'because of the test';
  return [
    ['apiKeys.ending.preview', { id }],
    ['apiKeys.ending.revoke', { id, reason, typedName: 'planted' }],
    ['apiKeys.ending.revokeMany', { ids: [id], reason, typedName: 'none' }],
    ['apiKeys.ending.quarantine', { id, reason }],
    ['apiKeys.ending.release', { id, reason }],
    ['apiKeys.ending.lookUp', { text: id }],
    ['apiKeys.leaks.report', { text: `found ${id}`, place: 'a ticket' }],
    ['apiKeys.leaks.list', {}],
    ['apiKeys.leaks.hits', { reportId: `klr_at_${platform}` }],
    ['apiKeys.leaks.patterns', undefined],
    ['apiKeys.ledger', undefined],
    ['apiKeys.revocation', undefined],
  ];
}

function rotationSamples({ platform, key }: PlantedKey): Sample[] {
  const reason = 'because of the test';
  const keyId = `old_at_${platform}`;
  return [
    ['apiKeys.rotation.preview', { keyId: key }],
    ['apiKeys.rotation.start', { keyId: key, overlapDays: 7, reason }],
    ['apiKeys.rotation.emergency', { keyId: key, reason }],
    ['apiKeys.rotation.extend', { keyId, days: 7, reason }],
    ['apiKeys.rotation.cancel', { keyId, reason }],
    ['apiKeys.rotation.close', { keyId, reason }],
    ['apiKeys.rotation.remind', { keyId }],
    ['apiKeys.rotation.remindMany', { keyIds: [keyId] }],
    ['apiKeys.rotation.previewMany', { keyIds: [keyId] }],
    ['apiKeys.rotation.startMany', { keyIds: [keyId], reason }],
    ['apiKeys.rotation.board', { keyId }],
    ['apiKeys.rotation.calendar', {}],
    ['apiKeys.rotation.calendar', { platform }],
  ];
}
