import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import { initTRPC, type TRPCError } from '@trpc/server';
import { assertCanSomewhere, denialOf, type Denial } from './access.ts';
import type { Ctx } from './context.ts';
import { forgeryFault, isReading } from './csrf.ts';
import type { HttpCall } from './http-call.ts';
import type { Topic } from './hub.ts';
import { requestContext, type RequestCtxDeps } from './request-context.ts';
import { domainErrorOf, transportError } from './trpc-errors.ts';

/** One finished procedure, for the console's own measurements: a streamed batch answers 200 whatever happened inside. */
export interface ProcedureEvent {
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  ok: boolean;
  /** Domain code of the failure, `internal` for faults of the console, null when it went well. */
  code: string | null;
  ms: number;
}

/** What procedures get: the context of verbs, and the request behind it where there is one. */
export interface TrpcCtx extends Ctx {
  http?: HttpCall | undefined;
  onProcedure?: ((event: ProcedureEvent) => void) | undefined;
  onDenied?: ((ctx: Ctx, denial: Denial, path: string) => Promise<void>) | undefined;
  /** Passes if the person proved themselves again for exactly this act; throws `step_up` otherwise. Set for calls over HTTP. */
  proveAct?: ((ctx: TrpcCtx, act: { path: string; input: unknown }) => Promise<void>) | undefined;
}

/** What is known of a procedure without calling it. */
export interface ProcedureMeta {
  /** The permission it asks for, or `open` when it serves people who are not signed in. */
  access?: Permission | 'open' | 'signed_in';
  /** True for acts before which a person proves themselves again. */
  stepUp?: boolean;
  /** Topics whose change makes a stored answer of this query stale; set only on hot reads. */
  hot?: readonly Topic[];
}

const t = initTRPC
  .context<TrpcCtx>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter({ shape, error, ctx }) {
      const domain = domainErrorOf(error);
      // Whoever asked knows the path, which may be anything.
      const { stack: _neverSent, path: _notRepeated, ...data } = shape.data;
      return {
        ...shape,
        message: isUnknownProcedure(error) ? 'There is no procedure of this name.' : shape.message,
        data: {
          ...data,
          domainCode: domain?.code ?? null,
          fields: domain?.fields ?? [],
          retryAfterSeconds: domain?.retryAfterSeconds ?? null,
          stepUp: domain?.stepUp ?? null,
          requestId: ctx?.requestId ?? null,
        },
      };
    },
  });

/** True for the library's own error about a name it does not know, which it repeats. */
function isUnknownProcedure(error: TRPCError): boolean {
  return error.code === 'NOT_FOUND' && domainErrorOf(error) === null;
}

/** Builds a router of procedures and routers. */
export const router = t.router;

/** Makes a function that calls a router's procedures directly with a context, for tests and jobs. */
export const createCallerFactory = t.createCallerFactory;

/** Measures every procedure, turns failures into what the caller may see, and logs unknown ones once. */
const procedure = t.procedure.use(async ({ ctx, path, type, next }) => {
  const startedMs = performance.now();
  const result = await next();
  const failure = result.ok ? null : await outcomeOf(ctx, path, result.error);
  const code = failure === null ? null : (domainErrorOf(failure)?.code ?? 'internal');
  ctx.onProcedure?.({ path, type, ok: result.ok, code, ms: performance.now() - startedMs });
  if (failure !== null) throw failure;
  return result;
});

async function outcomeOf(ctx: TrpcCtx, path: string, error: TRPCError): Promise<TRPCError> {
  const failure = transportError(error, ctx);
  const denial = denialOf(error.cause);
  if (denial !== null) await ctx.onDenied?.(ctx, denial, path);
  const retryAfterSeconds = domainErrorOf(failure)?.retryAfterSeconds;
  if (retryAfterSeconds !== undefined) ctx.http?.setHeader('Retry-After', String(retryAfterSeconds));
  return failure;
}

type Guard = Parameters<typeof procedure.use>[0];
const guards = new WeakMap<object, Permission | 'signed_in'>();

/** A procedure for people who are not signed in. Name the reason where it is used. */
export const open = procedure.meta({ access: 'open' });

/** A procedure about the caller's own account: for everybody who is signed in, and for people only. */
export function signedIn(options: { stepUp?: boolean } = {}) {
  return builder('signed_in', options, ({ ctx, next }) => {
    if (ctx.actor.kind !== 'user') throw new DomainError('unauthenticated', 'Sign in to see this.');
    return next();
  });
}

/**
 * A procedure that needs the permission on at least one platform. Lists then filter by `platformsWith`,
 * and procedures on one row call `assertCan` with the platform of the stored row. With `stepUp` the person
 * proves themselves again for each act.
 */
export function guarded(permission: Permission, options: { stepUp?: boolean } = {}) {
  return builder(permission, options, ({ ctx, next }) => {
    if (ctx.actor.kind === 'anonymous') throw new DomainError('unauthenticated', 'Sign in to see this.');
    assertCanSomewhere(ctx, permission);
    return next();
  });
}

function builder(access: Permission | 'signed_in', options: { stepUp?: boolean }, guard: Guard) {
  guards.set(guard, access);
  const guardedOnly = procedure.meta({ access, stepUp: options.stepUp ?? false }).use(guard);
  return options.stepUp ? guardedOnly.use(prove) : guardedOnly;
}

const prove: Guard = async ({ ctx, path, type, getRawInput, next }) => {
  // Reading the input of a call without a body fails: nothing is no JSON.
  const isBare = type === 'mutation' && ctx.http?.hasBody === false;
  await ctx.proveAct?.(ctx, { path, input: isBare ? undefined : await getRawInput() });
  return next();
};

/** The access rule of one procedure. */
export interface ProcedureAccess {
  path: string;
  type: 'query' | 'mutation' | 'subscription';
  access: Permission | 'open' | 'signed_in';
  stepUp: boolean;
}

/**
 * The access rule of every procedure of a router, in order of path.
 * Throws when one carries no rule, or when what it says of itself is not what its guard enforces.
 */
export function assertEveryProcedureGuarded(candidate: {
  _def: { procedures: Record<string, unknown> };
}): ProcedureAccess[] {
  return Object.entries(candidate._def.procedures)
    .map(([path, found]) => ({ path, ...accessOf(path, found) }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function accessOf(path: string, found: unknown): Omit<ProcedureAccess, 'path'> {
  const { _def: def } = found as {
    _def: { type: ProcedureAccess['type']; meta?: ProcedureMeta; middlewares?: readonly object[] };
  };
  const access = def.meta?.access;
  if (access === undefined) throw new Error(`the procedure ${path} has no access rule; use guarded() or open`);
  const stepUp = def.meta?.stepUp ?? false;
  if (stepUp !== (def.middlewares ?? []).includes(prove)) {
    throw new Error(`the procedure ${path} says stepUp ${stepUp} and does otherwise`);
  }
  const enforced = (def.middlewares ?? []).map((m) => guards.get(m)).find((p) => p !== undefined) ?? 'open';
  if (enforced !== access) throw new Error(`the procedure ${path} says ${access} but enforces ${enforced}`);
  return { type: def.type, access, stepUp };
}

/** Makes the context of each HTTP request to the router. Changing requests another site may have sent are refused here too. */
export function createTrpcContext(
  deps: RequestCtxDeps & Pick<TrpcCtx, 'onProcedure' | 'onDenied' | 'proveAct'>,
): (options: { req: IncomingMessage; res: ServerResponse }) => Promise<TrpcCtx> {
  const { onProcedure, onDenied, proveAct } = deps;
  return async ({ req, res }) => {
    const { requestId, log } = deps.describe(req);
    try {
      const fault = isReading(req) ? null : forgeryFault(req, deps.publicUrl);
      if (fault !== null) throw new DomainError('forbidden', fault);
      const ctx = await requestContext(deps, req, res);
      return { ...ctx, onProcedure, onDenied, proveAct };
    } catch (error) {
      throw transportError(error, { requestId, log });
    }
  };
}
