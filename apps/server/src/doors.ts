import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import type { Request, RequestHandler, Router } from 'express';
import type { Container } from './container.ts';
import { createKeyCalendarHttp } from './features/api-keys/calendar-http.ts';
import { createKeyExportHttp } from './features/api-keys/export-http.ts';
import { createKeysHttp } from './features/api-keys/http.ts';
import { createLeaksHttp } from './features/api-keys/leaks-http.ts';
import { createAuditHttp } from './features/audit/http.ts';
import { createChangesHttp } from './features/changes/http.ts';
import { createHealthHttp } from './features/health/http.ts';
import type { HealthDeps } from './features/health/service.ts';
import { createSecretsHttp } from './features/secrets/http.ts';
import { createSloDownloads, createSloHttp } from './features/slo/http.ts';
import { createAuthorizeHttp } from './features/users/authorize-http.ts';
import { createUserFilesHttp } from './features/users/import-http.ts';
import { createOidcHttp } from './features/users/oidc-http.ts';
import { createOpenApiHttp } from './openapi.ts';
import { assertCanSomewhere } from './platform/access.ts';
import { clientAddress, isLocalRequest } from './platform/client-address.ts';
import type { Actor, Ctx } from './platform/context.ts';
import { foreignSiteFault, uploadFault } from './platform/csrf.ts';
import type { DenialLog } from './platform/denials.ts';
import { authenticateKey, carriesKey, refuseKeysInAddress, type KeyAuthDeps } from './platform/http-auth.ts';
import { handler } from './platform/problem.ts';
import { requestContext, type RequestCtxDeps } from './platform/request-context.ts';
import type { SignedIn } from './platform/session.ts';
import type { Services } from './services.ts';

interface DoorDeps {
  container: Container;
  services: Services;
  requestDeps: RequestCtxDeps;
  health: HealthDeps;
  ready: () => boolean;
  findSession(req: Request): Promise<SignedIn | null>;
  onDenied: DenialLog;
}

/** The doors for machines: health, metrics and the REST part, each with its own rule for who may enter. */
export function createDoors(deps: DoorDeps): {
  health: Router;
  metrics: RequestHandler;
  rest: Router[];
  downloads: Router[];
} {
  const { container, services, requestDeps } = deps;
  const { keyOrSession, machine, downloader, userFiles } = createCallers(deps);

  const metrics = handler(async (req, res) => {
    if (!isLocalRequest(req)) assertCanSomewhere({ actor: await keyOrSession(req) }, 'metrics:read');
    const { registry } = container.telemetry;
    res.setHeader('Content-Type', registry.contentType);
    res.end(await registry.metrics());
  });

  return {
    health: createHealthHttp({
      deps: deps.health,
      ctx: () => container.ctx('system'),
      ready: deps.ready,
      async requireReader(req) {
        const actor = await keyOrSession(req);
        assertCanSomewhere({ actor }, 'health:read');
        return actor;
      },
    }),
    metrics,
    rest: [
      createOpenApiHttp(),
      createSloHttp(machine, services.slo),
      createChangesHttp(machine),
      createAuthorizeHttp(machine),
      createKeysHttp(machine, services.keys),
    ],
    downloads: [
      createAuditHttp(userFiles.download),
      createSloDownloads(downloader),
      createSecretsHttp(downloader),
      createKeyExportHttp(downloader),
      createKeyCalendarHttp(downloader, requestDeps.publicUrl),
      createUserFilesHttp(userFiles, services.imports),
      createLeaksHttp(userFiles.upload, services.apiKeys),
      createOidcHttp({ ...services.users, context: (req, res) => requestContext(requestDeps, req, res) }),
    ],
  };
}

/** Who may come through which kind of door. */
function createCallers(deps: DoorDeps) {
  const { container, services, requestDeps, findSession } = deps;

  const keyAuth: KeyAuthDeps = {
    keys: services.keys,
    trustProxy: requestDeps.trustProxy,
    requestIdOf: (req) => requestDeps.describe(req).requestId,
  };
  const keyOrSession = async (req: Request): Promise<Actor> => {
    if (carriesKey(req)) return authenticateKey(keyAuth, req);
    await refuseKeysInAddress(keyAuth, req);
    const found = await findSession(req);
    if (found === null) throw new DomainError('unauthenticated', 'Sign in, or send an API key.');
    return { ...found.actor, address: clientAddress(req, requestDeps.trustProxy) };
  };

  const machine = {
    authenticate: (req: Request, permission?: Permission) => authenticateKey(keyAuth, req, permission),
    ctx: (req: Request, actor: Actor): Ctx => ({ ...container.ctx('system'), actor, ...requestDeps.describe(req) }),
    onDenied: deps.onDenied,
  };

  const downloader = {
    ...machine,
    authenticate: (req: Request) => {
      const fault = carriesKey(req) ? null : foreignSiteFault(req);
      if (fault !== null) throw new DomainError('forbidden', fault);
      return keyOrSession(req);
    },
  };

  const sessionOnly = (faultOf: (req: Request) => string | null) => ({
    ...machine,
    authenticate: (req: Request) => {
      if (carriesKey(req)) throw new DomainError('forbidden', 'This is for people who are signed in, not for keys.');
      const fault = faultOf(req);
      if (fault !== null) throw new DomainError('forbidden', fault);
      return keyOrSession(req);
    },
  });
  const userFiles = {
    upload: sessionOnly((req) => uploadFault(req, requestDeps.publicUrl)),
    download: sessionOnly(foreignSiteFault),
  };
  return { keyOrSession, machine, downloader, userFiles };
}
