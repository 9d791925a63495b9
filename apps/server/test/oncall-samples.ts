import { HOUR_MS } from '@qd/shared/time';
import type { Db } from '../src/db/client.ts';
import { oncallSlots } from '../src/db/schema/index.ts';
import type { Sample } from './slo-samples.ts';

/** What there is of on-call slots on one platform. */
export interface PlantedSlot {
  platform: string;
  slot: string;
  person: string;
  atMs: number;
}

/** Stores a slot of a person that runs; no name of theirs is in its id. */
export async function plantSlot(db: Db, of: { platform: string; person: string; now: Date }): Promise<PlantedSlot> {
  const { platform, person, now } = of;
  const id = `ocs_at_${platform}`;
  const atMs = now.getTime();
  const times = { startsAt: new Date(atMs - HOUR_MS), endsAt: new Date(atMs + 8 * HOUR_MS), createdAt: now };
  await db.insert(oncallSlots).values({ id, platformId: platform, userId: person, role: 'primary', ...times });
  return { platform, slot: id, person, atMs };
}

/** One input or more for each procedure about slots, valid and about what is planted there. */
export function slotSamples({ platform, slot: id, person: userId, atMs }: PlantedSlot): Sample[] {
  const acted = { id, version: 1, reason: 'because of the test' };
  return [
    ['oncall.list', {}],
    ['oncall.list', { platform, userId, from: atMs, calledOff: true }],
    ['oncall.now', {}],
    ['oncall.now', { platform }],
    ['oncall.gaps', {}],
    ['oncall.people', { platform }],
    [
      'oncall.create',
      { platform, userId, role: 'secondary', startsAt: atMs + 9 * HOUR_MS, endsAt: atMs + 10 * HOUR_MS },
    ],
    ['oncall.handOver', { ...acted, userId }],
    ['oncall.end', acted],
  ];
}
