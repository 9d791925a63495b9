import { DomainError } from '@qd/shared/errors';
import { can, permissions, rolePermissions, type GrantScope, type Permission } from '@qd/shared/permissions';
import { createRoleInput } from '@qd/shared/roles';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { selectRole } from './db/queries/roles.ts';
import { approvals } from './db/schema/index.ts';
import type { ApprovableActs } from './features/approvals/service/acts.ts';
import { decideApproval } from './features/approvals/service/decide.ts';
import { executeApproval } from './features/approvals/service/execute.ts';
import { changeRole, createRole } from './features/roles/service/change.ts';
import { giveRole, takeRole } from './features/roles/service/give.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());

const places = ['*', 'hashinsight', 'web3-audit'];
const people = ['Local', 'Giver', 'Editor', 'Help', 'Watcher', 'Nobody'];

/** A console without an owner of all platforms: whatever is held at the end was held by somebody at the beginning. */
async function populate(): Promise<{ ids: string[]; roles: string[] }> {
  await emptyPeople(stores);
  const made = async (title: string, list: Permission[]) =>
    (await createRole(testCtx(stores), createRoleInput.parse({ title, permissions: list, reason: 'test' }))).id;
  const giver = await made('Giver', [
    'roles:grant',
    'roles:read',
    'slo:read',
    'slo:write',
    'approvals:decide',
    'approvals:read',
  ]);
  const editor = await made('Editor', [
    'roles:grant',
    'roles:write',
    'roles:read',
    'health:read',
    'approvals:decide',
    'approvals:read',
  ]);
  const watcher = await made('Watcher', ['slo:read']);
  const roles = [
    ['admin@hashinsight'],
    [`${giver}@web3-audit`],
    [`${editor}@*`],
    ['support@*'],
    [`${watcher}@web3-audit`, 'auditor@hashinsight'],
    [],
  ];
  const ids = await addPeople(
    stores.db,
    people.map((name, i) => ({ name, roles: roles[i] ?? [] })),
  );
  return { ids, roles: [giver, editor, watcher, 'admin', 'support', 'operator', 'auditor', 'owner'] };
}

const who = fc.nat(people.length - 1);
const act = fc.oneof(
  fc.record({ kind: fc.constant('give' as const), by: who, to: who, role: fc.nat(7), at: fc.nat(2) }),
  fc.record({ kind: fc.constant('take' as const), by: who, to: who, role: fc.nat(7), at: fc.nat(2) }),
  fc.record({
    kind: fc.constant('change' as const),
    by: who,
    role: fc.nat(2),
    list: fc.uniqueArray(fc.constantFrom(...rolePermissions.owner), { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('approve' as const), by: who }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const acts: ApprovableActs = {
  'roles.grant': (ctx, { roleVersion: _bound, ...input }) => giveRole(ctx, input as never),
  'roles.update': (ctx, input) => changeRole(ctx, input as never),
};

/** Does one act as its actor; a refusal is an answer, anything else a fault. True when it was let through. */
async function perform(one: Act, world: { ids: string[]; roles: string[] }): Promise<boolean> {
  const by = await actingAs(stores, world.ids[one.by] ?? '');
  try {
    if (one.kind === 'approve') return await approveAll(by, world);
    const role = world.roles[one.role] ?? '';
    if (one.kind === 'change') {
      const stored = await selectRole(stores.db, role);
      if (stored === null) return false;
      const { id, version, title, description } = stored;
      await changeRole(by, { id, version, title, description, permissions: one.list, reason: 'test' });
      return true;
    }
    const input = { userId: world.ids[one.to] ?? '', role, platform: places[one.at] ?? '*', reason: 'test' };
    await (one.kind === 'give' ? giveRole(by, { ...input, expiresAt: null }) : takeRole(by, input));
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

async function approveAll(by: Awaited<ReturnType<typeof actingAs>>, world: { ids: string[] }): Promise<boolean> {
  stores.clock.advance(16 * 60_000);
  for (const row of await stores.db.select().from(approvals)) {
    const vote = { id: row.id, decision: 'approve' as const, reason: 'test' };
    await decideApproval(by, vote).catch(refusalsOnly);
    if (!world.ids.includes(row.requestedBy)) continue;
    await executeApproval(await actingAs(stores, row.requestedBy), acts, row.id).catch(refusalsOnly);
  }
  return true;
}

function refusalsOnly(error: unknown): void {
  if (!(error instanceof DomainError)) throw error;
}

async function rightsOf(ids: readonly string[]): Promise<(readonly GrantScope[])[]> {
  const rights: (readonly GrantScope[])[] = [];
  for (const id of ids) rights.push((await actingAs(stores, id)).actor.grants);
  return rights;
}

it('no sequence of permitted acts gives anybody what nobody held where it is held now', async () => {
  let letThrough = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 14 }), async (sequence) => {
      const world = await populate();
      const before = await rightsOf(world.ids);
      for (const one of sequence) letThrough += (await perform(one, world)) ? 1 : 0;
      const after = await rightsOf(world.ids);
      const grown = places.flatMap((place) => {
        const scope = place === '*' ? null : place;
        return permissions.filter(
          (permission) =>
            after.some((held) => can(held, permission, scope)) && !before.some((held) => can(held, permission, scope)),
        );
      });
      expect(grown).toEqual([]);
    }),
    { numRuns: 25 },
  );
  // Sequences in which everything is refused prove nothing.
  expect(letThrough).toBeGreaterThan(10);
});
