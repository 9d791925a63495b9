import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS } from '@qd/shared/time';
import { emailKey, type CreateOwnerInput } from '@qd/shared/users';
import { lockOwners, upsertGrant } from '../../../db/queries/grants.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { HttpCall } from '../../../platform/http-call.ts';
import { createSession, newToken, tokenHash } from '../../../platform/session.ts';
import { write } from '../../../platform/write.ts';
import { insertUser } from '../queries/accounts.ts';
import { hasOwner, insertBootstrapToken, isUsableToken, useBootstrapToken } from '../queries/owners.ts';
import { newId, type UsersDeps } from './deps.ts';
import { hashNewPassword } from './new-password.ts';
import { recogniseDevice } from './sign-in/devices.ts';

/** How long the one-time link for the first owner works. */
export const BOOTSTRAP_LIFE_MS = 15 * MINUTE_MS;

/**
 * Makes a one-time link token for the first owner and gives it, or null when an owner exists.
 * Only its hash is stored; print it where the person who started the console can see it.
 */
export async function createBootstrapToken(ctx: Ctx): Promise<string | null> {
  const now = ctx.now();
  if (await hasOwner(ctx.db, now)) return null;
  const token = newToken();
  await write(ctx, async (tx, record) => {
    const expiresAt = new Date(now.getTime() + BOOTSTRAP_LIFE_MS);
    await insertBootstrapToken(tx, { id: newId('bst'), tokenHash: tokenHash(token), createdAt: now, expiresAt });
    record({ action: 'users.bootstrap_link_created', category: 'authentication', details: { expiresAt } });
  });
  return token;
}

/**
 * Makes the first owner from the one-time link and signs them in. Works once, within 15 minutes, from this machine, while
 * nobody owns the console. Throws `forbidden`, `precondition` (link used or too old),
 * `conflict`, or `invalid` for a password that would be guessed soon.
 */
export async function createOwner(ctx: Ctx, deps: UsersDeps, input: CreateOwnerInput, http: HttpCall): Promise<void> {
  if (!http.isLocal) {
    throw new DomainError('forbidden', 'Open the link on the machine the console runs on, by the address it printed.');
  }
  const hash = tokenHash(input.token);
  // Before the costly password hash, so that guesses at the link cost nothing.
  if (await hasOwner(ctx.db, ctx.now())) throw ownerExists();
  if (!(await isUsableToken(ctx.db, hash, ctx.now()))) throw linkIsDead();
  const passwordHash = await hashNewPassword(deps, { password: input.password, person: input });
  const userId = newId('usr');
  const actor = {
    ...ctx.actor,
    kind: 'user' as const,
    id: userId,
    email: input.email,
    name: input.name,
    role: 'owner',
  };
  const { session, device } = await write({ ...ctx, actor }, async (tx, record) => {
    const now = ctx.now();
    await lockOwners(tx);
    if (await hasOwner(tx, now)) throw ownerExists();
    if (!(await useBootstrapToken(tx, hash, now))) throw linkIsDead();
    const { email, name } = input;
    const isNew = await insertUser(tx, {
      id: userId,
      email,
      emailKey: emailKey(email),
      name,
      passwordHash,
      state: 'active',
      createdAt: now,
      lastSeenAt: now,
    });
    if (!isNew) throw addressTaken();
    const grant = { role: 'owner', platform: '*', expiresAt: null };
    await upsertGrant(tx, {
      ...grant,
      id: newId('grt'),
      userId,
      reason: 'First owner',
      grantedBy: null,
      createdAt: now,
    });
    record({
      action: 'users.owner_created',
      category: 'access',
      level: 'critical',
      target: { kind: 'user', id: userId },
      after: { email, name, role: 'owner', platform: '*' },
    });
    const device = await recogniseDevice(tx, ctx, { account: { id: userId, email, name }, http });
    const from = { now, address: http.address, userAgent: http.userAgent };
    const by = { method: 'link' as const, assurance: 1 as const, deviceId: device.id };
    return { session: await createSession(tx, { userId, grants: [grant] }, from, by), device };
  });
  http.setSessionCookie(session.token, session.lifeMs);
  if (device.newToken !== null) http.setDeviceCookie(device.newToken);
  ctx.hub.publish('users');
}

/** The refusal of an address somebody has already. */
export function addressTaken(): DomainError {
  return new DomainError('conflict', 'Somebody has this address already; use another.', {
    fields: [{ field: 'email', message: 'is taken' }],
  });
}

function ownerExists(): DomainError {
  return new DomainError('conflict', 'The console has an owner; sign in, or ask an owner for access.');
}

function linkIsDead(): DomainError {
  return new DomainError('precondition', 'This link was used or is too old; restart the console to get a new one.');
}
