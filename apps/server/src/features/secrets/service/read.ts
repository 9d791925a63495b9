import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import {
  DUE_SOON_MS,
  secretState,
  type GetSecretInput,
  type ListSecretsInput,
  type SecretCounts,
  type SecretRotationView,
  type SecretView,
} from '@qd/shared/secrets';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import {
  countSecrets,
  selectRotations,
  selectSecret,
  selectSecrets,
  type OwnedSecret,
  type SecretScope,
} from '../queries/secrets.ts';

/** What a list of secrets answers; `asOf` is the instant (epoch ms) its states are of. */
export interface SecretList extends Page<SecretView> {
  counts: SecretCounts;
  asOf: number;
}

/** One page of entries on the platforms the caller may see, by platform and name, and how many stand where. The cursor is the last id. */
export async function listSecrets(ctx: Ctx, input: ListSecretsInput): Promise<SecretList> {
  const now = ctx.now();
  const scope: SecretScope = {
    platforms: visiblePlatforms(ctx, input.platform),
    states: input.states,
    archived: input.archived,
    now,
    dueSoonMs: DUE_SOON_MS,
  };
  const [found, counts] = await Promise.all([
    selectSecrets(ctx.db, scope, { afterId: input.cursor ?? null, limit: input.limit }),
    countSecrets(ctx.db, scope),
  ]);
  const page = found.slice(0, input.limit);
  return {
    rows: page.map((row) => secretView(row, now)),
    nextCursor: found.length > input.limit ? (page.at(-1)?.secret.id ?? null) : null,
    counts,
    asOf: now.getTime(),
  };
}

/** Platforms of a list that the caller may see. */
export function visiblePlatforms(ctx: Pick<Ctx, 'actor'>, platform: string | undefined): '*' | string[] {
  const allowed = platformsWith(ctx.actor.grants, 'secrets:read');
  if (platform === undefined) return allowed;
  return allowed === '*' || allowed.includes(platform) ? [platform] : [];
}

/** One entry with a page of its rotations, the latest first. Throws `not_found` or `forbidden`. */
export async function getSecret(
  ctx: Ctx,
  input: GetSecretInput,
): Promise<{ secret: SecretView; history: Page<SecretRotationView>; asOf: number }> {
  const found = await selectSecret(ctx.db, input.id);
  if (found === null) throw noSuchSecret();
  assertCan(ctx, 'secrets:read', found.secret.platform, 'secret');
  const rows = await selectRotations(ctx.db, input.id, { afterId: input.cursor ?? null, limit: input.limit });
  const page = rows.slice(0, input.limit);
  return {
    secret: secretView(found, ctx.now()),
    history: {
      rows: page.map(({ rotation, recordedByName }) => ({
        id: rotation.id,
        rotatedAt: rotation.rotatedAt.getTime(),
        evidence: rotation.evidence,
        evidenceUrl: rotation.evidenceUrl,
        recordedBy: recordedByName,
        recordedAt: rotation.recordedAt.getTime(),
      })),
      nextCursor: rows.length > input.limit ? (page.at(-1)?.rotation.id ?? null) : null,
    },
    asOf: ctx.now().getTime(),
  };
}

/** What is said of a secret that is not there, or that the caller may not know of. */
export function noSuchSecret(): DomainError {
  return new DomainError('not_found', 'There is no such secret; check the address.');
}

/** An entry as people see it. */
export function secretView({ secret, ownerName }: OwnedSecret, now: Date): SecretView {
  const { id, platform, name, description, ownerId, procedure, procedureUrl, cadence, everyDays, isDemo } = secret;
  const lastRotatedAt = secret.lastRotatedAt?.getTime() ?? null;
  const nextDueAt = secret.nextDueAt?.getTime() ?? null;
  return {
    id,
    platform,
    name,
    description,
    ownerId,
    owner: ownerName ?? secret.ownerName,
    procedure,
    procedureUrl,
    cadence,
    everyDays,
    lastRotatedAt,
    nextDueAt,
    state: secretState({ cadence, lastRotatedAt, nextDueAt }, now.getTime()),
    isDemo,
    createdAt: secret.createdAt.getTime(),
    updatedAt: secret.updatedAt.getTime(),
    archivedAt: secret.archivedAt?.getTime() ?? null,
  };
}
