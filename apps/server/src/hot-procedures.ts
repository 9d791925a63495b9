import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { GrantScope } from '@qd/shared/permissions';
import type { AppRouter } from './app-router.ts';
import type { Container } from './container.ts';
import type { HotReadOptions } from './platform/hot-reads.ts';
import { describeRequest } from './platform/http-log.ts';
import type { SignedIn } from './platform/session.ts';
import { createCallerFactory, type ProcedureMeta } from './platform/trpc.ts';

type Call = (input: unknown) => Promise<unknown>;

/**
 * Finds the hot procedure a request asks for and runs it as the caller. The fingerprint is made of the caller's grants,
 * so people with the same rights share an answer and others never do.
 */
export function hotProcedures(
  container: Container,
  router: AppRouter,
  findSession: (req: IncomingMessage) => Promise<SignedIn | null>,
): HotReadOptions['resolve'] {
  const procedures = router._def.procedures as unknown as Record<string, { _def: { meta?: ProcedureMeta } }>;
  const createCaller = createCallerFactory(router);
  return async (req, path) => {
    const topics = Object.hasOwn(procedures, path) ? procedures[path]?._def.meta?.hot : undefined;
    if (topics === undefined) return null;
    const found = await findSession(req);
    if (found === null) return null;
    const call: Call = (input) => {
      const { requestId, log } = describeRequest(req);
      const { database, hub, now } = container;
      const caller = createCaller({ db: database.db, hub, now, requestId, log, actor: found.actor });
      return procedureOf(caller, path)(input);
    };
    return { scope: fingerprint(found.actor.grants), procedure: { topics, call } };
  };
}

/** Grants are never changed in place, and a remembered session brings the same ones each time. */
const fingerprints = new WeakMap<readonly GrantScope[], string>();

function fingerprint(grants: readonly GrantScope[]): string {
  const known = fingerprints.get(grants);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(JSON.stringify(grants)).digest('base64url').slice(0, 16);
  fingerprints.set(grants, made);
  return made;
}

/** The caller mirrors the router, so the path of a known procedure leads to a function. */
function procedureOf(caller: object, path: string): Call {
  const found: unknown = path
    .split('.')
    .reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], caller);
  return found as Call;
}
