import {
  acceptInviteThroughInput,
  linkOidcInput,
  removeOidcProviderInput,
  saveOidcProviderInput,
  unlinkOidcInput,
} from '@qd/shared/users';
import { httpOf } from '../../../platform/http-call.ts';
import { guarded, open, signedIn } from '../../../platform/trpc.ts';
import { beginAcceptance, beginLink } from '../service/oidc/begin.ts';
import { listIdentities, unlinkIdentity } from '../service/oidc/identities.ts';
import {
  listProviders,
  removeProvider,
  saveProvider,
  signInProviders,
  type OidcDeps,
} from '../service/oidc/providers.ts';

const ok = { ok: true } as const;

/** Identity providers, for those who set them up. */
export function providerProcedures(deps: OidcDeps) {
  return {
    oidcProviders: guarded('users:policy').query(({ ctx }) => listProviders(ctx, httpOf(ctx).origin)),
    saveOidcProvider: guarded('users:policy', { stepUp: true })
      .input(saveOidcProviderInput)
      .mutation(({ ctx, input }) => saveProvider(ctx, deps, input, httpOf(ctx).origin)),
    removeOidcProvider: guarded('users:policy', { stepUp: true })
      .input(removeOidcProviderInput)
      .mutation(({ ctx, input }) => removeProvider(ctx, input)),
  };
}

/** Coming in through a provider; open, since it is how one comes in. Signing in begins at `GET /auth/oidc/:id/start`. */
export function oidcSessionProcedures(deps: OidcDeps) {
  return {
    providers: open.query(({ ctx }) => signInProviders(ctx)),
    acceptInviteThrough: open
      .input(acceptInviteThroughInput)
      .mutation(({ ctx, input }) => beginAcceptance(ctx, deps, input, httpOf(ctx))),
  };
}

/** Identities of one's own account. Linking one is begun here and not by an address: another site could open that. */
export function identityProcedures(deps: OidcDeps) {
  return {
    identities: signedIn().query(({ ctx }) => listIdentities(ctx)),
    linkOidc: signedIn({ stepUp: true })
      .input(linkOidcInput)
      .mutation(({ ctx, input }) => beginLink(ctx, deps, input.id, httpOf(ctx))),
    unlinkOidc: signedIn({ stepUp: true })
      .input(unlinkOidcInput)
      .mutation(async ({ ctx, input }) => {
        await unlinkIdentity(ctx, input);
        return ok;
      }),
  };
}
