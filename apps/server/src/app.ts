import type { RequestListener } from 'node:http';
import { DomainError } from '@qd/shared/errors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import type { Logger } from 'pino';
import type { HotReads } from './platform/hot-reads.ts';
import { createHttpLog, describeRequest } from './platform/http-log.ts';
import { sendProblem } from './platform/problem.ts';
import { securityHeaders } from './platform/security-headers.ts';
import type { Telemetry } from './platform/telemetry.ts';

/** What the HTTP side is made of; each part decides for itself who may use it. */
export interface AppParts {
  log: Logger;
  telemetry: Telemetry;
  isHttps: boolean;
  health: Router;
  metrics: RequestHandler;
  rest: readonly Router[];
  /** Tables as files, beside the screens that show them. */
  downloads: readonly Router[];
  events: RequestHandler;
  hotReads: HotReads;
  trpc: RequestHandler;
  pages: RequestHandler | null;
}

/** Puts the parts together: measured, logged and headed alike; hot reads before everything else. */
export function createApp(parts: AppParts): RequestListener {
  const note = createHttpLog(parts.log, parts.telemetry);
  const head = securityHeaders(parts.isHttps);
  const routes = createRoutes(parts);
  return (req, res) => {
    note(req, res);
    head(res);
    parts.hotReads(req, res, () => routes(req, res));
  };
}

/** Everything that is routed; errors of all but tRPC leave as problem+json. */
function createRoutes(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use('/trpc', noStore, parts.trpc);
  app.use(parts.health);
  app.get('/metrics', parts.metrics);
  app.use('/api', noStore, ...parts.rest, notFound);
  app.get('/events', parts.events);
  app.use(...parts.downloads);
  if (parts.pages) app.use(parts.pages);
  app.use(notFound);
  const onError: ErrorRequestHandler = (error, req, res, _next) => sendProblem(res, error, describeRequest(req).log);
  app.use(onError);
  return app;
}

const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

const notFound: RequestHandler = (_req, _res, next) => {
  next(new DomainError('not_found', 'There is nothing at this address.'));
};
