import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { ReadDb } from '../db/client.ts';
import type { Actor, Ctx } from './context.ts';
import { httpCall, type HttpCall, type HttpCallSettings } from './http-call.ts';
import type { Hub } from './hub.ts';
import { lookupSession } from './session.ts';

/** What turns requests into contexts. */
export interface RequestCtxDeps extends HttpCallSettings {
  db: ReadDb;
  hub: Hub;
  now(): Date;
  /** Id and logger the HTTP layer gave the request. */
  describe(req: IncomingMessage): { requestId: string; log: Logger };
}

/** Who has not signed in. */
export function anonymous(address: string | null): Actor {
  return {
    kind: 'anonymous',
    id: null,
    email: null,
    name: 'Anonymous',
    role: null,
    grants: [],
    sessionId: null,
    address,
  };
}

/** Context of a browser's request: the signed-in person of its cookie, or anonymous. */
export async function requestContext(
  deps: RequestCtxDeps,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Ctx & { http: HttpCall }> {
  const http = httpCall(req, res, deps);
  const { db, hub, now } = deps;
  const { requestId, log } = deps.describe(req);
  const base = { db, hub, now, requestId, log };
  const found =
    http.sessionToken === null ? null : await lookupSession(base, http.sessionToken, { touch: !http.isAway });
  const actor = found === null ? anonymous(http.address) : { ...found.actor, address: http.address };
  return { ...base, actor, http };
}
