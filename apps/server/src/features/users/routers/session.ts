import { passkeySignInInput, secondFactorInput, stepUpInput, stepUpOptionsInput } from '@qd/shared/users';
import { httpOf } from '../../../platform/http-call.ts';
import { open, signedIn } from '../../../platform/trpc.ts';
import type { UsersDeps } from '../service/deps.ts';
import { passkeySignInOptions, signInWithPasskey } from '../service/sign-in/passkey.ts';
import { showSecondFactor } from '../service/sign-in/second-factor.ts';
import { stepUp, stepUpOptions } from '../service/sign-in/step-up.ts';

/** Second factors and passkeys at sign-in, open because that is how one comes in; and proof of oneself before an act. */
export function factorSessionProcedures(deps: UsersDeps) {
  return {
    secondFactor: open
      .input(secondFactorInput)
      .mutation(({ ctx, input }) => showSecondFactor(ctx, deps, input, httpOf(ctx))),
    passkeyOptions: open.mutation(({ ctx }) => passkeySignInOptions(ctx, deps, httpOf(ctx))),
    signInWithPasskey: open
      .input(passkeySignInInput)
      .mutation(({ ctx, input }) => signInWithPasskey(ctx, deps, input, httpOf(ctx))),
    stepUpOptions: signedIn()
      .input(stepUpOptionsInput)
      .mutation(({ ctx, input }) => stepUpOptions(ctx, input, httpOf(ctx))),
    stepUp: signedIn()
      .input(stepUpInput)
      .mutation(({ ctx, input }) => stepUp(ctx, deps, input, httpOf(ctx))),
  };
}
