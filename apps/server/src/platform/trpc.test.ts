import { DomainError, domainCodes } from '@qd/shared/errors';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actorWith } from '../../test/ctx.ts';
import { assertCan, type Denial } from './access.ts';
import type { Ctx } from './context.ts';
import { anonymous } from './request-context.ts';
import {
  assertEveryProcedureGuarded,
  createCallerFactory,
  guarded,
  open,
  router,
  type ProcedureEvent,
  type TrpcCtx,
} from './trpc.ts';

const secretCause = 'select password from users';
const sample = router({
  hello: open.query(() => 'hello'),
  fails: open.input(z.enum(domainCodes)).query(({ input }) => {
    throw new DomainError(input, `it is ${input}`, { fields: [{ field: 'a', message: 'b' }], retryAfterSeconds: 7 });
  }),
  isCutOff: open.query(() => {
    throw new Error(secretCause, { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
  }),
  breaks: open.query(() => {
    throw new Error(secretCause);
  }),
  slo: router({
    list: guarded('slo:read')
      .meta({ hot: ['slo'] })
      .query(() => []),
    change: guarded('slo:write')
      .input(z.strictObject({ id: z.string().max(5), points: z.array(z.object({ good: z.number() })).optional() }))
      .mutation(({ ctx }) => assertCan(ctx, 'slo:write', 'web3-audit')),
  }),
});

function call(actor = actorWith('owner'), change: Partial<TrpcCtx> = {}) {
  const events: ProcedureEvent[] = [];
  const logged: unknown[] = [];
  const denials: (Denial & { path: string })[] = [];
  const log = { error: (line: unknown) => logged.push(line), warn: () => undefined };
  const ctx = {
    actor,
    log,
    requestId: 'req_9',
    onProcedure: (event: ProcedureEvent) => events.push(event),
    onDenied: (_ctx: Ctx, denial: Denial, path: string) => Promise.resolve(void denials.push({ ...denial, path })),
    ...change,
  } as unknown as TrpcCtx;
  return { caller: createCallerFactory(sample)(ctx), events, logged, denials };
}
const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (e: unknown) => e as { code: string; message: string; cause?: unknown },
  );

describe('failures', () => {
  it.each([
    ['unauthenticated', 'UNAUTHORIZED'],
    ['forbidden', 'FORBIDDEN'],
    ['not_found', 'NOT_FOUND'],
    ['conflict', 'CONFLICT'],
    ['invalid', 'BAD_REQUEST'],
    ['precondition', 'PRECONDITION_FAILED'],
    ['rate_limited', 'TOO_MANY_REQUESTS'],
    ['upstream', 'SERVICE_UNAVAILABLE'],
  ] as const)('of the domain keep their words: %s', async (code, transportCode) => {
    const { caller, events, logged } = call();
    expect(await errorOf(caller.fails(code))).toMatchObject({ code: transportCode, message: `it is ${code}` });
    expect(events).toMatchObject([{ path: 'fails', type: 'query', ok: false, code }]);
    expect(logged).toEqual([]);
  });

  it('of the console lose their words, gain the request id and are logged once', async () => {
    const { caller, logged, events } = call();
    const error = await errorOf(caller.breaks());
    expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', cause: undefined });
    expect(error?.message).toContain('req_9');
    expect(error?.message).not.toContain('password');
    expect(logged).toMatchObject([{ requestId: 'req_9', err: { message: secretCause } }]);
    expect(events).toMatchObject([{ ok: false, code: 'internal' }]);
  });

  it('of a database that is away are no fault of the console', async () => {
    const { caller, logged, events } = call();
    expect(await errorOf(caller.isCutOff())).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.not.stringContaining('password'),
    });
    expect(logged).toEqual([]);
    expect(events).toMatchObject([{ code: 'upstream' }]);
  });

  it('of input name the field', async () => {
    const { caller } = call();
    const input = { id: 'far too long', points: [{ good: 1 }, { good: 'x' }], extra: 1 } as never;
    const error = await errorOf(caller.slo.change(input));
    expect(error).toMatchObject({ code: 'BAD_REQUEST' });
    const fields = error?.cause instanceof DomainError ? error.cause.fields.map((f) => f.field) : [];
    expect(fields.toSorted()).toEqual(['extra', 'id', 'points[1].good']);
  });

  it('that ask for patience say so in the header too', async () => {
    const headers: string[][] = [];
    const http = { setHeader: (...header: string[]) => headers.push(header) } as never;
    await errorOf(call(actorWith('owner'), { http }).caller.fails('rate_limited'));
    expect(headers).toEqual([['Retry-After', '7']]);
  });
});

describe('guards', () => {
  it('let those in who hold the permission anywhere', async () => {
    expect(await call(actorWith('stakeholder', 'hashinsight')).caller.slo.list()).toEqual([]);
  });

  it('ask strangers to sign in, and do not log them as refused', async () => {
    const { caller, denials } = call(anonymous('127.0.0.1'));
    expect(await errorOf(caller.slo.list())).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await caller.hello()).toBe('hello');
    expect(denials).toEqual([]);
  });

  it('refuse before the input is even looked at, and tell the log', async () => {
    const { caller, denials } = call(actorWith('stakeholder'));
    expect(await errorOf(caller.slo.change({ id: 'x'.repeat(100) }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(denials).toEqual([{ permission: 'slo:write', platform: null, path: 'slo.change' }]);
  });

  it('leave the platform of the row to the procedure, whose refusal is told too', async () => {
    const { caller, denials } = call(actorWith('admin', 'hashinsight'));
    expect(await errorOf(caller.slo.change({ id: 'x' }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(denials).toEqual([{ permission: 'slo:write', platform: 'web3-audit', path: 'slo.change' }]);
  });

  it('measure what went well', async () => {
    const { caller, events } = call();
    await caller.hello();
    expect(events).toMatchObject([{ path: 'hello', ok: true, code: null, ms: expect.any(Number) }]);
  });
});

describe('every procedure', () => {
  it('says what it asks for', () => {
    expect(assertEveryProcedureGuarded(sample)).toEqual([
      { path: 'breaks', type: 'query', access: 'open', stepUp: false },
      { path: 'fails', type: 'query', access: 'open', stepUp: false },
      { path: 'hello', type: 'query', access: 'open', stepUp: false },
      { path: 'isCutOff', type: 'query', access: 'open', stepUp: false },
      { path: 'slo.change', type: 'mutation', access: 'slo:write', stepUp: false },
      { path: 'slo.list', type: 'query', access: 'slo:read', stepUp: false },
    ]);
  });

  it('is found out when it says nothing', () => {
    const bare = { _def: { procedures: { 'x.y': { _def: { type: 'query', middlewares: [] } } } } };
    expect(() => assertEveryProcedureGuarded(bare)).toThrow('x.y has no access rule');
  });

  it('is found out when it says more or less than it enforces', () => {
    const boasting = router({ a: open.meta({ access: 'users:write' }).query(() => 1) });
    expect(() => assertEveryProcedureGuarded(boasting)).toThrow('says users:write but enforces open');
    const hiding = router({
      a: guarded('users:write')
        .meta({ access: 'open' })
        .query(() => 1),
    });
    expect(() => assertEveryProcedureGuarded(hiding)).toThrow('says open but enforces users:write');
  });
});
