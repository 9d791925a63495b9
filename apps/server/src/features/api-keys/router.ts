import { router } from '../../platform/trpc.ts';
import { attentionProcedures } from './routers/attention.ts';
import { claimsRouter } from './routers/claims.ts';
import { consumersRouter } from './routers/consumers.ts';
import { creatingProcedures } from './routers/creating.ts';
import { endingRouter } from './routers/ending.ts';
import { leaksRouter, revocationProcedures } from './routers/leaks.ts';
import { listProcedures } from './routers/list.ts';
import { pepperProcedures } from './routers/peppers.ts';
import { policiesRouter } from './routers/policies.ts';
import { createRotationRouter } from './routers/rotation.ts';
import type { ApiKeysDeps } from './service/deps.ts';

/** Procedures of keys. */
export function createApiKeysRouter(deps: ApiKeysDeps) {
  return router({
    ...listProcedures(),
    ...attentionProcedures(deps),
    ...creatingProcedures(deps),
    ...pepperProcedures(deps),
    ...revocationProcedures(),
    claims: claimsRouter(deps),
    consumers: consumersRouter(deps),
    ending: endingRouter(deps),
    leaks: leaksRouter(deps),
    policies: policiesRouter(),
    rotation: createRotationRouter(deps),
  });
}
