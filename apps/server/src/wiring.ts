import type { IncomingMessage, RequestListener } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import type { RequestHandler } from 'express';
import { createAppRouter } from './app-router.ts';
import { createApp } from './app.ts';
import { approvableActs } from './approvable-acts.ts';
import type { Container } from './container.ts';
import { createDoors } from './doors.ts';
import { healthDeps } from './health-deps.ts';
import { hotProcedures } from './hot-procedures.ts';
import { createDenialLog } from './platform/denials.ts';
import { createHotReads } from './platform/hot-reads.ts';
import { isAway, sessionTokenOf } from './platform/http-call.ts';
import { describeRequest } from './platform/http-log.ts';
import { handler, statusOf } from './platform/problem.ts';
import type { RequestCtxDeps } from './platform/request-context.ts';
import { createSessionCache } from './platform/session.ts';
import { createSse, type SseHub } from './platform/sse.ts';
import { proveAct } from './platform/step-up.ts';
import type { Telemetry } from './platform/telemetry.ts';
import { createTrpcContext, type ProcedureEvent } from './platform/trpc.ts';
import type { Services } from './services.ts';
import { version } from './version.ts';
import { webFiles } from './web-files.ts';

const MAX_BATCH = 20;
/** Longer requests are cut off while they are read. */
const MAX_BODY_BYTES = 500_000;
/** A file of objectives comes as text in JSON, where a character may take several bytes. */
const MAX_FILE_BODY_BYTES = 5_000_000;

/** Builds the whole HTTP side over open doors. `ready` says whether traffic may come yet. */
export function wire(
  container: Container,
  services: Services,
  ready: () => boolean,
): { app: RequestListener; sse: SseHub } {
  const { config, database, hub, now, log, telemetry } = container;
  const publicUrl = config.PUBLIC_URL ?? null;
  const requestDeps: RequestCtxDeps = {
    db: database.db,
    hub,
    now,
    publicUrl,
    trustProxy: config.QD_TRUST_PROXY ?? [],
    describe: describeRequest,
  };
  const sessions = createSessionCache({ db: database.db, hub, now, log });
  const findSession = async (req: IncomingMessage) => {
    const token = sessionTokenOf(req, requestDeps);
    return token === null ? null : sessions.find(token, { touch: !isAway(req) });
  };
  const onDenied = createDenialLog();
  const health = healthDeps(container, services);
  const router = createAppRouter({
    ...services,
    session: { ...services.users, version, embedded: config.embedded },
    health,
    acts: approvableActs(services),
  });
  const sse = createSse({
    hub,
    telemetry,
    async authenticate(req) {
      const token = sessionTokenOf(req, requestDeps);
      // An open stream is no use of the session: it would never end.
      const found = token === null ? null : await sessions.find(token);
      return found?.actor.id ? { id: found.actor.id, grants: found.actor.grants } : null;
    },
  });
  const app = createApp({
    log,
    telemetry,
    isHttps: publicUrl?.startsWith('https:') ?? false,
    ...createDoors({ container, services, requestDeps, health, ready, findSession, onDenied }),
    events: handler((req, res) => sse.handle(req, res)),
    hotReads: createHotReads({
      hub,
      telemetry,
      resolve: hotProcedures(container, router, findSession),
      clock: () => performance.now(),
    }),
    trpc: createTrpcDoor(
      router,
      createTrpcContext({ ...requestDeps, onProcedure: measuring(telemetry), onDenied, proveAct }),
    ),
    pages: webFiles(),
  });
  return { app, sse };
}

/** The router over HTTP. Only calls that send files, and nothing but such calls, may bring long bodies. */
function createTrpcDoor(
  router: ReturnType<typeof createAppRouter>,
  createContext: ReturnType<typeof createTrpcContext>,
): RequestHandler {
  const upTo = (maxBodySize: number): RequestHandler =>
    createExpressMiddleware({ router, createContext, maxBatchSize: MAX_BATCH, maxBodySize });
  const [forms, files] = [upTo(MAX_BODY_BYTES), upTo(MAX_FILE_BODY_BYTES)];
  const sendsFiles = (path: string): boolean => path.split(',').every((one) => one.startsWith('slo.exchange.'));
  return (req, res, next) => (sendsFiles(req.path.slice(1)) ? files : forms)(req, res, next);
}

function measuring(telemetry: Telemetry): (event: ProcedureEvent) => void {
  return ({ ok, code, type, path, ms }) => {
    const status = ok ? 200 : statusOf(code ?? 'internal');
    telemetry.request(type === 'query' ? 'GET' : 'POST', `/trpc/${path}`, status, ms / 1_000);
  };
}
