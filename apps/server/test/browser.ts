import { createAccountRouter, createSessionRouter } from '../src/features/users/router.ts';
import { policyProcedures } from '../src/features/users/routers/policy.ts';
import type { UsersDeps } from '../src/features/users/service/deps.ts';
import { anonymous } from '../src/platform/request-context.ts';
import { lookupSession } from '../src/platform/session.ts';
import { proveAct } from '../src/platform/step-up.ts';
import { domainErrorOf } from '../src/platform/trpc-errors.ts';
import { createCallerFactory, guarded, router } from '../src/platform/trpc.ts';
import { fakeHttpCall } from './fake-http-call.ts';
import { testCtx, type TestStores } from './stores.ts';

function appOf(deps: UsersDeps) {
  return router({
    session: createSessionRouter({ ...deps, version: '1', embedded: true }),
    account: createAccountRouter(deps),
    users: router(policyProcedures),
    /** An act that asks for proof, and one that asks for a permission. */
    probe: router({
      dangerous: guarded('users:write', { stepUp: true })
        .input((value: unknown) => value)
        .mutation(({ input }) => input),
      plain: guarded('slo:read').query(() => 'seen'),
    }),
  });
}

type Caller = ReturnType<ReturnType<typeof createCallerFactory<ReturnType<typeof appOf>['_def']['record']>>>;

/** A browser with cookies of its own. */
export interface Browser {
  /** Token of its session cookie, or null. */
  token: string | null;
  device: string | null;
  /** Calls procedures as this browser; `proof` goes along as `x-qd-step-up`. */
  call<T>(work: (caller: Caller) => Promise<T>, proof?: string): Promise<T>;
  /** Does an act that asks for proof, proving oneself as `prove` says once it does. */
  proving<T>(work: (caller: Caller) => Promise<T>, prove: (act: string) => Promise<Proof> | Proof): Promise<T>;
}

type Proof = Parameters<Caller['session']['stepUp']>[0]['proof'];

/** A browser nobody has signed in from. */
export function openBrowser(
  stores: TestStores,
  deps: UsersDeps,
  from: { address?: string; userAgent?: string; origin?: string } = {},
): Browser {
  const factory = createCallerFactory(appOf(deps));
  const browser: Browser = {
    token: null,
    device: null,
    async call(work, proof) {
      const http = fakeHttpCall({
        ...from,
        sessionToken: browser.token,
        deviceToken: browser.device,
        stepUpToken: proof ?? null,
      });
      const found = browser.token === null ? null : await lookupSession(testCtx(stores), browser.token);
      const actor = found === null ? anonymous(http.address) : { ...found.actor, address: http.address };
      try {
        return await work(factory({ ...testCtx(stores, { actor }), http, proveAct }) as Caller);
      } finally {
        if (http.cookie !== undefined) browser.token = http.cookie;
        if (http.deviceCookie !== undefined) browser.device = http.deviceCookie;
      }
    },
    async proving(work, prove) {
      const act = await demandedAct(() => browser.call(work));
      const proof = await prove(act);
      const { token } = await browser.call((c) => c.session.stepUp({ act, proof }));
      return browser.call(work, token);
    },
  };
  return browser;
}

/** Hash of the act a call is refused for with `step_up`. Throws when it passes, or is refused otherwise. */
export async function demandedAct(call: () => Promise<unknown>): Promise<string> {
  const refusal = await call().then(
    () => null,
    (error: unknown) => error,
  );
  const demand = refusal === null ? undefined : domainErrorOf(refusal as never)?.stepUp;
  if (demand === undefined) throw new Error('the act was not refused with step_up', { cause: refusal });
  return demand.act;
}
