import { DomainError } from '@qd/shared/errors';
import { noticeWords, type LinkedIdentity, type UnlinkOidcInput } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { notice } from '../../../../platform/notices.ts';
import { write } from '../../../../platform/write.ts';
import { deleteIdentity, hasOwnWayIn, selectIdentitiesOf } from '../../queries/oidc.ts';
import { lockAccountById } from '../../queries/own-account.ts';

/** The identities that sign the caller in. */
export async function listIdentities(ctx: Pick<Ctx, 'db' | 'actor'>): Promise<LinkedIdentity[]> {
  const rows = await selectIdentitiesOf(ctx.db, ownId(ctx));
  return rows.map(({ identity: { issuer, subject, email, linkedAt, lastUsedAt }, provider }) => ({
    providerId: provider?.id ?? null,
    provider: provider?.name ?? issuer,
    issuer,
    subject,
    email,
    linkedAt: linkedAt.getTime(),
    lastUsedAt: lastUsedAt?.getTime() ?? null,
  }));
}

/**
 * Unlinks an identity from the caller's account. Throws `not_found`, or `precondition` when it is the last way in.
 */
export async function unlinkIdentity(ctx: Ctx, input: UnlinkOidcInput): Promise<void> {
  const userId = ownId(ctx);
  await write(ctx, async (tx, record) => {
    const account = await lockAccountById(tx, userId);
    if (account === null) throw new DomainError('unauthenticated', 'Sign in again.');
    const linked = await selectIdentitiesOf(tx, userId);
    const found = linked.find((l) => l.identity.issuer === input.issuer && l.identity.subject === input.subject);
    if (found === undefined || !(await deleteIdentity(tx, userId, input))) {
      throw new DomainError('not_found', 'This identity is not linked to your account; look at the list again.');
    }
    if (linked.length === 1 && !(await hasOwnWayIn(tx, userId))) {
      throw new DomainError('precondition', 'This is your only way to sign in; set a password or add a passkey first.');
    }
    const provider = found.provider?.name ?? input.issuer;
    await notice(tx, ctx, { to: account, ...noticeWords('users.identity_unlinked', { provider }), url: '/account' });
    record({
      action: 'users.identity_unlinked',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id: userId },
      details: { provider, ...input },
    });
  });
  ctx.hub.publish('users');
}

function ownId({ actor }: Pick<Ctx, 'actor'>): string {
  if (actor.id === null) throw new DomainError('unauthenticated', 'Sign in to see this.');
  return actor.id;
}
