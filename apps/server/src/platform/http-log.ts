import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { shownPath } from './shown-path.ts';
import type { Telemetry } from './telemetry.ts';

/** Id and logger of one request. */
export interface DescribedRequest {
  readonly requestId: string;
  readonly log: Logger;
}

const described = new WeakMap<IncomingMessage, DescribedRequest>();

/** Id and logger the HTTP layer gave the request. */
export function describeRequest(req: IncomingMessage): DescribedRequest {
  const found = described.get(req);
  if (!found) throw new Error('the request did not pass the HTTP log');
  return found;
}

/** Paths measured elsewhere: procedures by their own hook, streams not at all. */
function isMeasuredElsewhere(path: string): boolean {
  return path.startsWith('/trpc') || path === '/events';
}

/** What Express leaves on a request that one of its routes took. */
interface Routed {
  baseUrl?: string;
  route?: { path?: unknown };
}

/** A bounded set of names: a route's pattern, one word for all assets, one for all pages. */
function endpointOf(req: Routed, originalPath: string): string {
  if (typeof req.route?.path === 'string') return `${req.baseUrl ?? ''}${req.route.path}`;
  if (originalPath.startsWith('/assets/')) return '/assets';
  return originalPath.startsWith('/api/') ? '/api' : '/page';
}

/** Most requests log nothing of their own, so their logger is made when one does. */
function describe(requestId: string, log: Logger): DescribedRequest {
  let own: Logger | null = null;
  return {
    requestId,
    get log() {
      return (own ??= log.child({ requestId }));
    },
  };
}

/** The path of a request, without its query. */
export function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/';
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Notes a request as it comes in. */
export type HttpLog = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Gives every request an id and a logger, writes one line when it is answered, and measures it. Never logs queries or bodies, nor
 * what may be a credential in a path.
 */
export function createHttpLog(log: Logger, telemetry: Telemetry): HttpLog {
  // Looking for secrets by name costs ten times what the line does, and these lines have no field that could hold one.
  const lines = log.child({}, { redact: [] });
  return (req, res) => {
    const requestId = randomUUID();
    described.set(req, describe(requestId, log));
    res.setHeader('X-Request-Id', requestId);
    const startedMs = performance.now();
    const path = pathOf(req);
    const method = req.method ?? 'GET';
    res.on('finish', () => {
      const ms = performance.now() - startedMs;
      if (!isMeasuredElsewhere(path))
        telemetry.request(method, endpointOf(req as Routed, path), res.statusCode, ms / 1_000);
      const status = res.statusCode;
      const line = { requestId, method, path: shownPath(path), status, ms: Math.round(ms * 10) / 10 };
      if (status >= 500) lines.error(line, 'answered');
      else lines.info(line, 'answered');
    });
  };
}
