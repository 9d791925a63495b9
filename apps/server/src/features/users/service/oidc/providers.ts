import { DomainError } from '@qd/shared/errors';
import {
  MAX_OIDC_PROVIDERS,
  OIDC_CALLBACK_PATH,
  type OidcProviderList,
  type OidcProviderView,
  type RemoveOidcProviderInput,
  type SaveOidcProviderInput,
  type SignInProvider,
} from '@qd/shared/users';
import type { OidcPort } from '../../../../adapters/oidc/port.ts';
import type { Tx } from '../../../../db/client.ts';
import { lockOwners } from '../../../../db/queries/grants.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { Sealing } from '../../../../platform/sealing.ts';
import { write } from '../../../../platform/write.ts';
import {
  countReachableOwners,
  deleteOrphanedIdentities,
  deleteProvider,
  insertProvider,
  isClientTaken,
  selectProvider,
  selectProviders,
  updateProvider,
  type ProviderRow,
} from '../../queries/oidc.ts';
import { newId } from '../deps.ts';
import { clientOf, placeOf } from './client.ts';

/** What verbs about identity providers need besides the context. */
export interface OidcDeps {
  oidc: OidcPort;
  sealing: Sealing;
}

/** All identity providers; their secrets stay where they are. */
export async function listProviders(ctx: Pick<Ctx, 'db'>, origin: string): Promise<OidcProviderList> {
  const rows = await selectProviders(ctx.db);
  return { providers: rows.map(viewOf), redirectUri: `${origin}${OIDC_CALLBACK_PATH}` };
}

/** The providers the sign-in page offers: names and nothing else, since everybody may ask. */
export async function signInProviders(ctx: Pick<Ctx, 'db'>): Promise<SignInProvider[]> {
  const rows = await selectProviders(ctx.db);
  return rows.filter((row) => row.isEnabled).map(({ id, name }) => ({ id, name }));
}

/**
 * Adds or changes a provider, after finding it by discovery. Throws `invalid` when nobody answers like a provider there, or
 * the secret must be given again; `upstream` when it does not answer; `conflict` when it was changed meanwhile, exists
 * already, or the last owner could not sign in any more.
 */
export async function saveProvider(
  ctx: Ctx,
  deps: OidcDeps,
  input: SaveOidcProviderInput,
  origin: string,
): Promise<{ id: string }> {
  const id = input.id ?? newId('idp');
  const before = input.id === null ? null : await selectProvider(ctx.db, input.id);
  if (input.id !== null && before?.version !== input.version) throw changedMeanwhile();
  const sealedSecret = secretToStore(deps.sealing, id, { input, before });
  const row = { id, name: input.name, issuer: input.issuer, clientId: input.clientId, sealedSecret };
  // A provider that is switched off may be one that is gone.
  if (input.isEnabled) await deps.oidc.check(clientOf(deps.sealing, row, origin));
  await write(ctx, (tx, record) =>
    keepingOwnersReachable(tx, async () => {
      await store(tx, { row: { ...row, isEnabled: input.isEnabled }, before, now: ctx.now() });
      const unlinked = await deleteOrphanedIdentities(tx);
      record({
        action: 'users.oidc_provider_saved',
        category: 'access',
        level: 'critical',
        target: { kind: 'oidc_provider', id },
        details: { secretChanged: input.clientSecret !== null, unlinked },
        before: before === null ? null : factsOf(before),
        after: factsOf({ ...row, isEnabled: input.isEnabled }),
      });
    }),
  );
  ctx.hub.publish('users');
  return { id };
}

/** Removes a provider and what linked people to it. Throws `not_found`, or `conflict` like `saveProvider`. */
export async function removeProvider(ctx: Ctx, input: RemoveOidcProviderInput): Promise<{ unlinked: number }> {
  const unlinked = await write(ctx, (tx, record) =>
    keepingOwnersReachable(tx, async () => {
      const before = await selectProvider(tx, input.id);
      if (before === null) throw new DomainError('not_found', 'There is no such provider; look at the list again.');
      if (!(await deleteProvider(tx, input))) throw changedMeanwhile();
      const gone = await deleteOrphanedIdentities(tx);
      record({
        action: 'users.oidc_provider_removed',
        category: 'access',
        level: 'critical',
        target: { kind: 'oidc_provider', id: input.id },
        details: { unlinked: gone },
        before: factsOf(before),
        after: null,
      });
      return gone;
    }),
  );
  ctx.hub.publish('users');
  return { unlinked };
}

/** Runs a change of the ways in and refuses it when no lasting owner could come in any more. */
async function keepingOwnersReachable<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await lockOwners(tx);
  const before = await countReachableOwners(tx);
  const result = await change();
  if (before > 0 && (await countReachableOwners(tx)) === 0) {
    throw new DomainError('conflict', 'No owner could sign in any more; an owner needs a password or a passkey first.');
  }
  return result;
}

async function store(
  tx: Tx,
  {
    row,
    before,
    now,
  }: {
    row: Omit<ProviderRow, 'version' | 'createdAt' | 'updatedAt'>;
    before: ProviderRow | null;
    now: Date;
  },
): Promise<void> {
  if (await isClientTaken(tx, row)) throw existsAlready();
  if (before !== null) {
    if (!(await updateProvider(tx, before, { ...row, updatedAt: now }))) throw changedMeanwhile();
    return;
  }
  if ((await selectProviders(tx)).length >= MAX_OIDC_PROVIDERS) {
    throw new DomainError('precondition', `There are ${MAX_OIDC_PROVIDERS} providers; remove one first.`);
  }
  if (!(await insertProvider(tx, { ...row, createdAt: now, updatedAt: now }))) throw existsAlready();
}

/** A secret is only kept for the issuer it was given for: elsewhere it would be sent to whoever runs the new one. */
function secretToStore(
  sealing: Sealing,
  id: string,
  { input, before }: { input: SaveOidcProviderInput; before: ProviderRow | null },
): Uint8Array | null {
  if (input.clientSecret !== null) return sealing.seal(input.clientSecret, placeOf(id));
  if (before === null || before.sealedSecret === null) return null;
  if (before.issuer === input.issuer) return before.sealedSecret;
  throw new DomainError('invalid', 'The issuer is another; give its client secret too.', {
    fields: [{ field: 'clientSecret', message: 'is missing: the one there is belongs to the issuer before' }],
  });
}

function viewOf(row: ProviderRow & { people: number }): OidcProviderView {
  const { id, name, issuer, clientId, isEnabled, version, people } = row;
  const hasSecret = row.sealedSecret !== null;
  const [createdAt, updatedAt] = [row.createdAt.getTime(), row.updatedAt.getTime()];
  return { id, name, issuer, clientId, hasSecret, isEnabled, version, people, createdAt, updatedAt };
}

function factsOf({
  name,
  issuer,
  clientId,
  isEnabled,
}: Pick<ProviderRow, 'name' | 'issuer' | 'clientId' | 'isEnabled'>) {
  return { name, issuer, clientId, isEnabled };
}

function changedMeanwhile(): DomainError {
  return new DomainError(
    'conflict',
    'Somebody changed this provider meanwhile; look at it again, then repeat your change.',
  );
}

function existsAlready(): DomainError {
  return new DomainError('conflict', 'This issuer is set up with the same client already; change that one.', {
    fields: [{ field: 'clientId', message: 'is in use for this issuer' }],
  });
}
