import {
  createKeyInput,
  deliverKeyInput,
  deliverOptionsInput,
  importKeyInput,
  keyIdInput,
  limitsPreviewInput,
  ownerScopesInput,
  updateKeyInput,
  type CreateKeyInput,
  type NewKey,
} from '@qd/shared/api-keys';
import type { Ctx } from '../../../platform/context.ts';
import { guarded } from '../../../platform/trpc.ts';
import {
  createKey,
  createKeyForClaim,
  deliverKey,
  type CreatedKey,
  type PendingKey,
} from '../service/create/create.ts';
import { importKey } from '../service/create/import.ts';
import { createOptions, deliverOptions, ownerScopes } from '../service/create/options.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { keyLimits, previewLimits, updateKey } from '../service/limits.ts';

/** Making and changing keys. */
export function creatingProcedures(deps: ApiKeysDeps) {
  return {
    createOptions: guarded('api-keys:write').query(({ ctx }) => createOptions(ctx, deps)),
    ownerScopes: guarded('api-keys:write')
      .input(ownerScopesInput)
      .query(({ ctx, input }) => ownerScopes(ctx, input)),
    create: guarded('api-keys:write', { stepUp: true })
      .input(createKeyInput)
      .mutation(async ({ ctx, input }): Promise<NewKey> => newKey(input, await made(ctx, deps, input))),
    import: guarded('api-keys:write', { stepUp: true })
      .input(importKeyInput)
      .mutation(async ({ ctx, input }): Promise<NewKey> => newKey(input, await importKey(ctx, deps, input))),
    deliverOptions: guarded('api-keys:deliver')
      .input(deliverOptionsInput)
      .query(({ ctx, input }) => deliverOptions(ctx, deps, input.ownerId)),
    deliver: guarded('api-keys:deliver', { stepUp: true })
      .input(deliverKeyInput)
      .mutation(async ({ ctx, input }): Promise<NewKey> => newKey(input, await deliverKey(ctx, deps, input))),
    limits: guarded('api-keys:read')
      .input(keyIdInput)
      .query(({ ctx, input }) => keyLimits(ctx, input.id)),
    limitsPreview: guarded('api-keys:read')
      .input(limitsPreviewInput)
      .query(({ ctx, input }) => previewLimits(ctx, input)),
    update: guarded('api-keys:write', { stepUp: true })
      .input(updateKeyInput)
      .mutation(({ ctx, input }) => updateKey(ctx, input)),
  };
}

function made(ctx: Ctx, deps: ApiKeysDeps, input: CreateKeyInput): Promise<CreatedKey | PendingKey> {
  const { delivery } = input;
  return delivery.kind === 'show' ? createKey(ctx, deps, input) : createKeyForClaim(ctx, deps, input, delivery);
}

type Made = { id: string; expiresAt: Date } & Partial<Pick<CreatedKey, 'text'> & Pick<PendingKey, 'claim'>>;

function newKey(input: Pick<NewKey, 'name' | 'platform' | 'environment'>, key: Made): NewKey {
  const { name, platform, environment } = input;
  const { id, expiresAt, text = null, claim = null } = key;
  return { id, name, platform, environment, expiresAt: expiresAt.getTime(), text, claim };
}
