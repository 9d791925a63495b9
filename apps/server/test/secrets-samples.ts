import type { Db } from '../src/db/client.ts';
import { secretRotations, secrets } from '../src/db/schema/index.ts';
import type { Sample } from './slo-samples.ts';

/** What there is of the register on one platform. */
export interface PlantedSecret {
  platform: string;
  secret: string;
  atMs: number;
}

/** Stores an entry with one rotation; `mark` is in every name, and in no id. */
export async function plantSecret(db: Db, of: { platform: string; mark: string; now: Date }): Promise<PlantedSecret> {
  const { platform, mark, now: at } = of;
  const id = `sec_at_${platform}`;
  const texts = { name: mark, description: mark, ownerName: mark, procedure: mark };
  const times = { lastRotatedAt: at, createdAt: at, updatedAt: at };
  await db.insert(secrets).values({ id, platform, ...texts, ...times, cadence: 'manual' });
  const rotation = { id: `srt_at_${platform}`, secretId: id, rotatedAt: at, evidence: mark, recordedAt: at };
  await db.insert(secretRotations).values(rotation);
  return { platform, secret: id, atMs: at.getTime() };
}

/** One input or more for each procedure about secrets, valid and about what is planted there. */
export function secretSamples({ platform, secret: id, atMs }: PlantedSecret): Sample[] {
  const facts = { name: 'ANOTHER_PASSWORD', cadence: 'yearly' };
  return [
    ['secrets.list', {}],
    ['secrets.list', { platform, archived: true }],
    ['secrets.get', { id }],
    ['secrets.create', { ...facts, platform }],
    ['secrets.update', { ...facts, id, seenAt: atMs }],
    ['secrets.recordRotation', { id, rotatedAt: atMs - 1, evidence: 'Ticket 12' }],
    ['secrets.archive', { id, seenAt: atMs }],
    ['secrets.addSchedule', { platform }],
  ];
}
