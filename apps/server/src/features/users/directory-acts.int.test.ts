import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { peopleOf } from '../../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import {
  apiKeys,
  approvals,
  auditEvents,
  grants,
  invitations,
  keyClaims,
  memberships,
  notifications,
  passkeys,
  totpFactors,
  users,
} from '../../db/schema/index.ts';
import { approvalHash } from '../../platform/approvals.ts';
import { blastRadiusOf } from './service/directory/blast-radius.ts';
import { bulk } from './service/directory/bulk.ts';
import { offboardPerson } from './service/directory/offboard.ts';
import { getPerson, listSessions } from './service/directory/person.ts';
import { updateProfile } from './service/directory/profile.ts';
import { resetPerson } from './service/directory/reset.ts';
import { endAllSessions, endOneSession } from './service/directory/sessions.ts';
import { reinstatePerson, suspendPerson } from './service/directory/state.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const people = peopleOf(() => stores, deps);
const { add, as } = people;
let root: TestCtx;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
  await add('root', 'owner');
  await add('helper', 'support');
  await add('boss', 'admin');
  await add('local', 'admin', 'hashinsight');
  root = await as('root');
});
afterAll(() => stores.close());

const reason = 'asked for';
const refused = (code: string) => ({ name: 'DomainError', code });
const rowOf = async (id: string) => (await stores.db.select().from(users).where(eq(users.id, id)))[0];
const eventsOn = (id: string) => stores.db.select().from(auditEvents).where(eq(auditEvents.targetId, id));
const mails = async (topic: string) =>
  (await stores.db.select().from(notifications)).filter((row) => JSON.stringify(row).includes(topic));
let counter = 0;
const fresh = (role: Parameters<typeof add>[1] = null, platform = '*') =>
  add(`person${(counter += 1)}`, role, platform);
const last = () => `person${counter}`;

describe('a profile', () => {
  it('changes, is recorded with what it was, and tells both mailboxes of a new address', async () => {
    const id = await fresh();
    const { version } = await updateProfile(root, { id, version: 1, name: 'New Name' });
    expect(version).toBe(2);
    await updateProfile(root, { id, version: 2, email: 'moved@example.com' });
    expect(await rowOf(id)).toMatchObject({
      name: 'New Name',
      email: 'moved@example.com',
      emailKey: 'moved@example.com',
    });
    const changes = (await eventsOn(id)).filter((event) => event.action === 'users.profile_updated');
    expect(changes).toMatchObject([
      { before: { name: last() }, after: { name: 'New Name' }, level: 'info' },
      { before: { email: `${last()}@example.com` }, after: { email: 'moved@example.com' }, level: 'warning' },
    ]);
    expect(await mails('users.email_changed')).toHaveLength(2);
  });

  it('is not changed from an older version, and the refusal says what it is now', async () => {
    const id = await fresh();
    await updateProfile(root, { id, version: 1, name: 'First Writer' });
    await expect(updateProfile(root, { id, version: 1, name: 'Second Writer' })).rejects.toMatchObject({
      ...refused('conflict'),
      fields: expect.arrayContaining([{ field: 'name', message: 'is now First Writer' }]),
    });
    expect((await rowOf(id))?.name).toBe('First Writer');
  });

  it('keeps one of two changes made at once', async () => {
    const id = await fresh();
    const results = await Promise.allSettled(
      ['One', 'Two', 'Three'].map((name) => updateProfile(root, { id, version: 1, name })),
    );
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect((await rowOf(id))?.version).toBe(2);
  });

  it('takes no address of somebody else, nor one’s own to another mailbox', async () => {
    const id = await fresh();
    await expect(updateProfile(root, { id, version: 1, email: 'ROOT@example.com' })).rejects.toMatchObject(
      refused('conflict'),
    );
    const own = root.actor.id ?? '';
    await expect(updateProfile(root, { id: own, version: 1, email: 'x@example.com' })).rejects.toMatchObject(
      refused('forbidden'),
    );
    const helper = await as('helper');
    await expect(updateProfile(helper, { id, version: 1, name: 'No' })).rejects.toMatchObject(refused('forbidden'));
  });
});

describe('suspending', () => {
  it('ends sessions at once, tells the person, and is undone with a reason', async () => {
    const id = await fresh('operator');
    const theirs = await as(last());
    const helper = await as('helper');
    // Support lacks what an operator may do.
    await expect(suspendPerson(helper, { id, reason })).rejects.toMatchObject(refused('forbidden'));
    expect(await suspendPerson(root, { id, reason })).toEqual({ endedSessions: 1 });
    expect(await people.isSignedIn(theirs)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ state: 'suspended', stateReason: reason, authzVersion: 2 });
    await expect(suspendPerson(root, { id, reason })).rejects.toMatchObject(refused('conflict'));
    expect(await reinstatePerson(root, { id, reason: 'is back' })).toEqual({ state: 'active' });
    await expect(reinstatePerson(root, { id, reason })).rejects.toMatchObject(refused('conflict'));
    expect((await eventsOn(id)).map((event) => event.action)).toEqual(
      expect.arrayContaining(['users.suspended', 'users.reinstated']),
    );
    expect(await mails('users.suspended')).not.toHaveLength(0);
  });

  it('is support’s to do to those who may do no more than support', async () => {
    const helper = await as('helper');
    const stakeholder = await fresh('stakeholder');
    await suspendPerson(helper, { id: stakeholder, reason });
    for (const name of ['root', 'boss']) {
      const { actor } = await as(name);
      await expect(suspendPerson(helper, { id: actor.id ?? '', reason })).rejects.toMatchObject(refused('forbidden'));
    }
    await expect(suspendPerson(helper, { id: helper.actor.id ?? '', reason })).rejects.toMatchObject(
      refused('forbidden'),
    );
  });

  it('stays on the platforms one has', async () => {
    const local = await as('local');
    const [here, there] = [await fresh('stakeholder', 'hashinsight'), await fresh('stakeholder', 'web3audit')];
    await suspendPerson(local, { id: here, reason });
    await expect(suspendPerson(local, { id: there, reason })).rejects.toMatchObject(refused('not_found'));
    expect((await rowOf(there))?.state).toBe('active');
  });

  it('leads back to the invitation for who never came in', async () => {
    const [id = ''] = await addPeople(stores.db, [{ name: 'Not Yet', state: 'invited' }]);
    await stores.db.insert(invitations).values({
      id: 'inv_not_yet',
      userId: id,
      tokenHash: new Uint8Array(32).fill(3),
      role: 'operator',
      platform: '*',
      reason,
      createdAt: stores.clock.now(),
      expiresAt: new Date(stores.clock.now().getTime() + 60_000),
    });
    await suspendPerson(root, { id, reason });
    expect(await reinstatePerson(root, { id, reason })).toEqual({ state: 'invited' });
  });
});

describe('sessions of somebody else', () => {
  it('are listed without their tokens and end one by one or all, with the time of their last call', async () => {
    const id = await fresh('stakeholder');
    const [first, second, third] = [await as(last()), await as(last()), await as(last())];
    const listed = await listSessions(root, id);
    expect(listed).toHaveLength(3);
    expect(listed[0]).toMatchObject({ device: 'Unknown device', address: '127.0.0.1', isCurrent: false });
    expect(JSON.stringify(listed)).not.toMatch(/token/i);
    const nowMs = stores.clock.now().getTime();
    const sessionId = first.actor.sessionId ?? '';
    expect(await endOneSession(root, { id, sessionId, reason })).toEqual({
      ended: 1,
      endedAt: nowMs,
      lastRequestAt: nowMs,
    });
    expect(await people.isSignedIn(first)).toBe(false);
    expect(await people.isSignedIn(second)).toBe(true);
    await expect(endOneSession(root, { id, sessionId, reason })).rejects.toMatchObject(refused('not_found'));
    const someoneElses = (await as('boss')).actor.sessionId ?? '';
    await expect(endOneSession(root, { id, sessionId: someoneElses, reason })).rejects.toMatchObject(
      refused('not_found'),
    );
    expect(await endAllSessions(root, { id, reason })).toMatchObject({ ended: 2, lastRequestAt: nowMs });
    expect(await people.isSignedIn(third)).toBe(false);
    expect(await endAllSessions(root, { id, reason })).toEqual({ ended: 0, endedAt: nowMs, lastRequestAt: null });
  });
});

describe('offboarding', () => {
  async function leaver(): Promise<string> {
    const id = await fresh('operator');
    const at = stores.clock.now();
    const later = new Date(at.getTime() + 3_600_000);
    const key = {
      platform: 'hashinsight',
      environment: 'prod' as const,
      pepperVersion: 1,
      ownerId: id,
      createdAt: at,
      activatedAt: at,
    };
    await stores.db.insert(apiKeys).values(
      ['deploys', 'reports'].map((name, i) => ({
        ...key,
        id: `${id.slice(-8)}${i}`,
        lineageId: `${id.slice(-8)}${i}`,
        name,
        hash: Buffer.from(`${id}${i}`.padEnd(32, 'x').slice(-32)),
        scopes: ['changes:write'],
      })),
    );
    await stores.db.insert(memberships).values({
      id: `mbr_${id}`,
      userId: id,
      platform: 'web3audit',
      role: 'auditor',
      state: 'active',
      reason,
      createdAt: at,
      updatedAt: at,
    });
    await stores.db.insert(totpFactors).values({
      id: `totp_${id}`,
      userId: id,
      label: 'phone',
      sealedSecret: new Uint8Array(8),
      createdAt: at,
      confirmedAt: at,
    });
    const [guest = ''] = await addPeople(stores.db, [{ name: `Guest of ${last()}`, state: 'invited' }]);
    await stores.db.insert(invitations).values({
      id: `inv_${id}`,
      userId: guest,
      tokenHash: Buffer.from(id.padEnd(32, 'y').slice(-32)),
      role: 'stakeholder',
      platform: '*',
      reason,
      invitedBy: id,
      createdAt: at,
      expiresAt: later,
    });
    const act = { kind: 'users.bulk', params: { of: id } };
    await stores.db.insert(approvals).values({
      ...act,
      id: `apr_${id.slice(-8)}`,
      paramsHash: approvalHash(act),
      summary: 'Something risky',
      rules: [],
      reason,
      requestedBy: id,
      requestedAt: at,
      expiresAt: later,
      state: 'pending',
    });
    return id;
  }

  it('shows what it ends, ends exactly that, and leaves a record', async () => {
    const id = await leaver();
    const theirs = await as(last());
    const radius = await blastRadiusOf(root, id);
    expect(radius).toMatchObject({
      sessions: 1,
      keys: [{ name: 'deploys' }, { name: 'reports' }],
      grants: [{ role: 'operator', platform: '*' }],
      memberships: [{ platform: 'web3audit', title: 'Auditor' }],
      approvals: [{ summary: 'Something risky' }],
      invitations: [{ role: 'stakeholder' }],
      refusal: null,
    });
    const boss = await as('boss');
    const [kept] = radius.keys;
    const result = await offboardPerson(root, {
      id,
      reason,
      keys: [{ keyId: kept?.id ?? '', becomes: 'transfer', to: boss.actor.id ?? '' }],
    });
    expect(result).toEqual({
      endedSessions: 1,
      revokedKeys: 1,
      transferredKeys: 1,
      removedGrants: 1,
      removedMemberships: 1,
      cancelledApprovals: 1,
      revokedInvitations: 1,
      endedSlots: 0,
    });
    expect(await people.isSignedIn(theirs)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ state: 'offboarded', passwordHash: null });
    expect(await stores.db.select().from(totpFactors).where(eq(totpFactors.userId, id))).toEqual([]);
    const keys = await stores.db.select().from(apiKeys).where(eq(apiKeys.name, 'deploys'));
    expect(keys.find((key) => key.id === kept?.id)).toMatchObject({ ownerId: boss.actor.id, revokedAt: null });
    expect((await stores.db.select().from(approvals).where(eq(approvals.requestedBy, id)))[0]?.state).toBe('cancelled');
    expect((await eventsOn(id)).find((event) => event.action === 'users.offboarded')).toMatchObject({
      level: 'critical',
      before: { state: 'active', grants: [{ role: 'operator' }], memberships: [{ role: 'auditor' }] },
    });
    expect((await getPerson(root, id)).may).toEqual([]);
    await expect(offboardPerson(root, { id, reason, keys: [] })).rejects.toMatchObject(refused('conflict'));
    await expect(updateProfile(root, { id, version: 2, name: 'x' })).rejects.toMatchObject(refused('precondition'));
  });

  it('leaves no way to draw a key that somebody takes over: the links sent for it end', async () => {
    const id = await leaver();
    const to = (await as('boss')).actor.id ?? '';
    const [kept] = (await blastRadiusOf(root, id)).keys;
    const keyId = kept?.id ?? '';
    const at = stores.clock.now();
    await stores.db.insert(keyClaims).values({
      id: `kcl_${id.slice(-8)}`,
      keyId,
      tokenHash: Buffer.from(id.padEnd(32, '.').slice(-32)),
      recipientName: 'Leaver',
      recipientEmail: 'leaver@example.com',
      createdAt: at,
      expiresAt: new Date(at.getTime() + 3_600_000),
    });
    await offboardPerson(root, { id, reason, keys: [{ keyId, becomes: 'transfer', to }] });
    const claims = await stores.db.select().from(keyClaims).where(eq(keyClaims.keyId, keyId));
    expect(claims).toMatchObject([{ cancelledAt: stores.clock.now(), claimedAt: null }]);
  });

  it('gives no key to somebody who may do less, and then ends nothing', async () => {
    const id = await leaver();
    const [key] = (await blastRadiusOf(root, id)).keys;
    const to = (await as('helper')).actor.id ?? '';
    const attempt = (fate: object) =>
      offboardPerson(root, { id, reason, keys: [{ keyId: key?.id ?? '', becomes: 'transfer', to, ...fate }] });
    await expect(attempt({})).rejects.toMatchObject({ ...refused('invalid'), fields: [{ field: 'keys[0].to' }] });
    await expect(attempt({ to: id })).rejects.toMatchObject(refused('invalid'));
    await expect(attempt({ keyId: 'nobodys' })).rejects.toMatchObject({ fields: [{ field: 'keys[0].keyId' }] });
    expect((await rowOf(id))?.state).toBe('active');
    expect((await blastRadiusOf(root, id)).keys).toHaveLength(2);
  });

  it('is refused for oneself, for more powerful people and without the permission, and says so beforehand', async () => {
    const boss = await as('boss');
    const rootId = root.actor.id ?? '';
    for (const [ctx, id] of [
      [boss, boss.actor.id ?? ''],
      [boss, rootId],
      [await as('helper'), await fresh('stakeholder')],
    ] as const) {
      await expect(offboardPerson(ctx, { id, reason, keys: [] })).rejects.toMatchObject(refused('forbidden'));
      expect((await blastRadiusOf(ctx, id)).refusal).not.toBeNull();
    }
    const inside = testCtx(stores);
    expect((await blastRadiusOf(inside, rootId)).refusal).toContain('last owner');
    await expect(offboardPerson(inside, { id: rootId, reason, keys: [] })).rejects.toMatchObject(refused('conflict'));
  });

  it('leaves one of two owners who offboard each other at once', async () => {
    const [one, two] = [await fresh('owner'), await fresh('owner')];
    const [asTwo, asOne] = [await as(last()), await as(`person${counter - 1}`)];
    const results = await Promise.allSettled([
      offboardPerson(asOne, { id: two, reason, keys: [] }),
      offboardPerson(asTwo, { id: one, reason, keys: [] }),
    ]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    const states = [(await rowOf(one))?.state, (await rowOf(two))?.state];
    expect(states.toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual(['active', 'offboarded']);
  });

  it('works for an owner whose only way in is a passkey', async () => {
    const id = await fresh('owner');
    await stores.db.update(users).set({ passwordHash: null }).where(eq(users.id, id));
    await stores.db.insert(passkeys).values({
      id: `pk_${id}`,
      userId: id,
      label: 'key',
      publicKey: new Uint8Array(8),
      counter: 0,
      transports: [],
      deviceType: 'singleDevice',
      isBackedUp: false,
      createdAt: stores.clock.now(),
    });
    await offboardPerson(root, { id, reason, keys: [] });
    expect(await stores.db.select().from(grants).where(eq(grants.userId, id))).toEqual([]);
  });
});

describe('many at once', () => {
  it('are judged one by one, and what was refused is recorded', async () => {
    const ids = [await fresh('stakeholder'), await fresh('stakeholder'), root.actor.id ?? ''];
    const boss = await as('boss');
    const { approval, outcomes } = await bulk(boss, { act: 'suspend', ids, reason });
    expect(approval).toBeNull();
    expect(outcomes.map((outcome) => outcome.done)).toEqual([true, true, false]);
    expect(outcomes[2]?.message).toContain('do more than you');
    const denied = (await stores.db.select().from(auditEvents)).filter((event) => event.action === 'users.bulk');
    expect(denied).toMatchObject([{ status: 'denied', details: { people: [root.actor.id] } }]);
    const again = await bulk(boss, { act: 'reinstate', ids: ids.slice(0, 2), reason });
    expect(again.outcomes.every((outcome) => outcome.done)).toBe(true);
  });

  it('take a second person when they are more than 25, for exactly these people', async () => {
    const ids = await addPeople(
      stores.db,
      Array.from({ length: 26 }, (_, i) => ({ name: `Crowd ${i}`, roles: ['stakeholder'] })),
    );
    const input = { act: 'suspend' as const, ids, reason };
    const { approval, outcomes } = await bulk(root, input);
    expect(approval).toMatchObject({ summary: 'Suspend 26 people' });
    expect(outcomes).toEqual([]);
    expect((await rowOf(ids[0] ?? ''))?.state).toBe('active');
    await expect(bulk(root, input)).rejects.toMatchObject(refused('conflict'));
    const [stored] = await stores.db
      .select()
      .from(approvals)
      .where(eq(approvals.id, approval?.id ?? ''));
    if (stored === undefined) throw new Error('the request was not stored');
    const approved = { ...root, approved: stored };
    await expect(bulk(approved, { ...input, ids: ids.toReversed() })).rejects.toMatchObject(refused('conflict'));
    const done = await bulk(approved, input);
    expect(done.outcomes.filter((outcome) => outcome.done)).toHaveLength(26);
    const helper = await as('helper');
    await expect(bulk(helper, { ...input, act: 'offboard' })).rejects.toMatchObject(refused('forbidden'));
  });
});

describe('a reset', () => {
  it('gives a new password, takes factors off and ends sessions', async () => {
    const id = await fresh('operator');
    const theirs = await as(last());
    await stores.db.insert(totpFactors).values({
      id: 'totp_reset',
      userId: id,
      label: 'phone',
      sealedSecret: new Uint8Array(8),
      createdAt: stores.clock.now(),
      confirmedAt: stores.clock.now(),
    });
    const before = (await rowOf(id))?.passwordHash;
    const done = await resetPerson(testCtx(stores), deps, { id, password: `${testPassword} again`, factors: true });
    expect(done).toEqual({ endedSessions: 1, removedFactors: 1 });
    expect(await people.isSignedIn(theirs)).toBe(false);
    expect((await rowOf(id))?.passwordHash).not.toBe(before);
    expect((await eventsOn(id)).find((event) => event.action === 'users.reset')).toMatchObject({
      details: { password: true, factors: true, removedFactors: 1 },
    });
    await expect(resetPerson(await as('helper'), deps, { id, password: null, factors: true })).rejects.toMatchObject(
      refused('forbidden'),
    );
  });
});
