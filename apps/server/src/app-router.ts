import { createApiKeysRouter } from './features/api-keys/router.ts';
import type { ApiKeysDeps } from './features/api-keys/service/deps.ts';
import { createApprovalsRouter } from './features/approvals/router.ts';
import type { ApprovableActs } from './features/approvals/service/acts.ts';
import type { AuditDeps } from './features/audit/keeping/deps.ts';
import { createAuditRouter } from './features/audit/router.ts';
import { changesRouter } from './features/changes/router.ts';
import { createHealthRouter } from './features/health/router.ts';
import type { HealthDeps } from './features/health/service.ts';
import { oncallRouter } from './features/oncall/router.ts';
import { platformsRouter } from './features/platforms/router.ts';
import { rolesRouter } from './features/roles/router.ts';
import { secretsRouter } from './features/secrets/router.ts';
import { settingsRouter } from './features/settings/router.ts';
import { createSloRouter } from './features/slo/router.ts';
import type { SloDeps } from './features/slo/service/deps.ts';
import {
  createAccountRouter,
  createSessionRouter,
  createUsersRouter,
  type SessionRouterDeps,
} from './features/users/router.ts';
import type { ImportsDeps } from './features/users/service/imports/deps.ts';
import { router } from './platform/trpc.ts';

/** Everything the screens may ask for, one router a feature. */
export function createAppRouter(deps: {
  session: SessionRouterDeps;
  health: HealthDeps;
  slo: SloDeps;
  imports: ImportsDeps;
  audit: AuditDeps;
  apiKeys: ApiKeysDeps;
  /** Verbs that may wait for approval. */
  acts: ApprovableActs;
}) {
  return router({
    session: createSessionRouter(deps.session),
    platforms: platformsRouter,
    slo: createSloRouter(deps.slo),
    changes: changesRouter,
    health: createHealthRouter(deps.health),
    account: createAccountRouter(deps.session),
    users: createUsersRouter(deps),
    roles: rolesRouter,
    apiKeys: createApiKeysRouter(deps.apiKeys),
    approvals: createApprovalsRouter(deps.acts),
    audit: createAuditRouter(deps.audit),
    secrets: secretsRouter,
    oncall: oncallRouter,
    settings: settingsRouter,
  });
}

/** All that the web may see of the server. */
export type AppRouter = ReturnType<typeof createAppRouter>;
