import { createOwnerInput, signInInput } from '@qd/shared/users';
import { httpOf } from '../../platform/http-call.ts';
import { open, router } from '../../platform/trpc.ts';
import { accountProcedures } from './routers/account.ts';
import { directoryProcedures } from './routers/directory.ts';
import { importProcedures } from './routers/imports.ts';
import { invitationProcedures, linkProcedures } from './routers/invitations.ts';
import { identityProcedures, oidcSessionProcedures, providerProcedures } from './routers/oidc.ts';
import { policyProcedures } from './routers/policy.ts';
import { factorSessionProcedures } from './routers/session.ts';
import { createOwner } from './service/bootstrap.ts';
import type { UsersDeps } from './service/deps.ts';
import type { ImportsDeps } from './service/imports/deps.ts';
import { describeSession, signIn, signOut } from './service/sign-in.ts';

/** What the session procedures need besides the context. */
export interface SessionRouterDeps extends UsersDeps {
  version: string;
  embedded: boolean;
}

/** Who am I, sign in, sign out, first owner. All open: they are how one comes in. */
export function createSessionRouter(deps: SessionRouterDeps) {
  const { version, embedded } = deps;
  return router({
    get: open.query(({ ctx }) => describeSession(ctx, { version, embedded })),
    signIn: open.input(signInInput).mutation(({ ctx, input }) => signIn(ctx, deps, input, httpOf(ctx))),
    signOut: open.mutation(async ({ ctx }) => {
      await signOut(ctx, httpOf(ctx));
      return { ok: true as const };
    }),
    ...factorSessionProcedures(deps),
    ...linkProcedures(deps),
    ...oidcSessionProcedures(deps),
    createOwner: open.input(createOwnerInput).mutation(async ({ ctx, input }) => {
      await createOwner(ctx, deps, input, httpOf(ctx));
      return { ok: true as const };
    }),
  });
}

/** People, their roles on the platforms, and what becomes of them. */
export function createUsersRouter(deps: { session: UsersDeps; imports: ImportsDeps }) {
  return router({
    ...directoryProcedures(),
    ...policyProcedures,
    ...importProcedures(deps.imports),
    ...invitationProcedures(deps.session),
    ...providerProcedures(deps.session),
  });
}

/** One's own account. */
export function createAccountRouter(deps: UsersDeps) {
  return router({ ...accountProcedures(deps), ...identityProcedures(deps) });
}
