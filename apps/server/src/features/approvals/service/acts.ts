import type { JsonObject } from '@qd/shared/audit';
import type { Ctx } from '../../../platform/context.ts';

/**
 * A verb that can be carried out after approval. It is called with the stored input and a context whose `approved` names the
 * request, so that `needsApproval` lets it pass, and whose database is the transaction in which the request is settled:
 * its `write()` becomes a part of that.
 */
export type ApprovableAct = (ctx: Ctx, params: JsonObject) => Promise<unknown>;

/** Verbs by the kind they are asked for under; put together on the roof. */
export type ApprovableActs = Readonly<Record<string, ApprovableAct>>;
