import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import type { ImporterRights, ReadImportRow } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayGive, assertMayTouch } from '../../../../platform/escalation.ts';
import type { StoredPerson } from '../../queries/imports/people.ts';

/** What the importer may do, asked once for each kind of thing and remembered within one transaction. */
export interface RightsMemo {
  /** Asks all that rows about these people need; `rights` then answers from memory. */
  prepare(
    rows: readonly Pick<ReadImportRow, 'role' | 'platform' | 'platformRole'>[],
    people: readonly StoredPerson[],
  ): Promise<void>;
  rights: ImporterRights<StoredPerson>;
}

/** Rights of the caller as an importer, by the same rules as everywhere. */
export function createRights(tx: Tx, ctx: Pick<Ctx, 'actor' | 'now'>): RightsMemo {
  const known = new Map<string, string | null>();
  const ask = async (key: string, question: () => Promise<void>): Promise<void> => {
    if (!known.has(key)) known.set(key, await refusalOf(question));
  };
  const hold = (permission: Permission, platform: string) =>
    assertMayGive(tx, ctx, { platform, permissions: [] }, permission);
  return {
    async prepare(rows, people) {
      for (const { role, platform, platformRole } of rows) {
        const place = platform ?? '*';
        await ask(giveKey(null, place), () => hold('users:import', place));
        if (platformRole !== null) await ask(assignKey(place), () => hold('users:assign', place));
        if (role === null) continue;
        await ask(giveKey(role, place), async () => {
          await hold('users:import', place);
          await assertMayGive(tx, ctx, { role, platform: place });
        });
      }
      // People with the same roles and accounts get the same answer.
      for (const person of people) {
        await ask(touchKey(person), () => assertMayTouch(tx, ctx, person.id, 'users:import'));
      }
    },
    rights: {
      ownId: ctx.actor.id,
      give: (role, platform) => known.get(giveKey(role, platform)) ?? null,
      assign: (platform) => known.get(assignKey(platform)) ?? null,
      touch: (person) => known.get(touchKey(person)) ?? null,
    },
  };
}

const giveKey = (role: string | null, platform: string): string => JSON.stringify(['give', role, platform]);
const assignKey = (platform: string): string => JSON.stringify(['assign', platform]);
const touchKey = ({ grants, memberships }: StoredPerson): string =>
  JSON.stringify(['touch', grants.map((g) => [g.role, g.platform]), memberships.map((m) => m.platform)]);

async function refusalOf(question: () => Promise<void>): Promise<string | null> {
  try {
    await question();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}
