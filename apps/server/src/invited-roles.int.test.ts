import type { Permission } from '@qd/shared/permissions';
import { createRoleInput, updateRoleInput, type RoleSummary } from '@qd/shared/roles';
import { DAY_MS } from '@qd/shared/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { fakeHttpCall } from '../test/fake-http-call.ts';
import { invitationLink, peopleOf } from '../test/people.ts';
import { quickUsersDeps, testPassword } from '../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { approvals, grants } from './db/schema/index.ts';
import { changeRole, createRole } from './features/roles/service/change.ts';
import { previewChange } from './features/roles/service/preview.ts';
import { acceptInvite } from './features/users/service/invitations/accept.ts';
import { inviteUser, resendInvite } from './features/users/service/invitations/invite.ts';
import { anonymous } from './platform/request-context.ts';

let stores: TestStores;
const deps = { ...quickUsersDeps(), canMail: false };
const people = peopleOf(() => stores, deps);
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await people.add('root', 'owner');
  await people.add('second', 'owner');
});

const create = () =>
  createRole(
    testCtx(stores),
    createRoleInput.parse({ title: 'Helper', permissions: ['slo:read'], reason: 'for the shift' }),
  );
const edit = (role: RoleSummary, permissions: Permission[]) =>
  updateRoleInput.parse({
    id: role.id,
    version: role.version,
    title: role.title,
    description: '',
    permissions,
    reason: 'more is needed',
  });
/** Root invites Bob to the role; gives who he is and the token of the link. */
async function invite(role: RoleSummary, platform = '*') {
  const given = { name: 'Bob', email: 'bob@example.com', role: role.id, platform, reason: 'joins the team' };
  const open = { lifeMs: DAY_MS, grantExpiresAt: null, sendMail: false };
  const { link } = await inviteUser(await people.as('root'), deps, { ...given, ...open });
  return { id: link?.userId ?? '', token: invitationLink(link) };
}
const accept = (token: string) =>
  acceptInvite(
    testCtx(stores, { actor: anonymous('203.0.113.9') }),
    deps,
    { token, name: 'Bob', password: testPassword },
    fakeHttpCall(),
  );
const critical: Permission[] = ['slo:read', 'roles:grant'];

describe('a role somebody is invited to', () => {
  it('is given critical permissions by two people only, as if it were held', async () => {
    const role = await create();
    const { token } = await invite(role);
    const root = await people.as('root');
    expect(await previewChange(root, { id: role.id, permissions: critical })).toMatchObject({ needsApproval: true });
    expect((await changeRole(root, edit(role, critical))).approval).toMatchObject({
      phase: 'pending',
      summary: 'Change the role Helper, which nobody holds and 1 person is invited to: add roles:grant.',
    });
    expect(await stores.db.select().from(approvals)).toMatchObject([{ kind: 'roles.update' }]);
    await accept(token);
    expect(await stores.db.select().from(grants)).toContainEqual(expect.objectContaining({ role: role.id }));
  });

  it('is changed by those alone who hold the difference where the invitation is for', async () => {
    const role = await create();
    await invite(role, 'web3-audit');
    await people.add('local', 'admin', 'hashinsight');
    const local = await people.as('local');
    await expect(changeRole(local, edit(role, ['slo:read', 'slo:write']))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is free again once the invitation ran out, but no new link brings what nobody agreed to', async () => {
    const role = await create();
    const { id } = await invite(role);
    stores.clock.advance(2 * DAY_MS);
    const root = await people.as('root');
    expect((await changeRole(root, edit(role, critical))).approval).toBeNull();
    const again = resendInvite(root, deps, { id, lifeMs: DAY_MS, sendMail: false });
    await expect(again).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('withdraw') as string,
    });
  });
});
