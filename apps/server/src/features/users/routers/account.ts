import {
  accountSessionsInput,
  changePasswordInput,
  confirmTotpInput,
  factorIdInput,
  finishPasskeyInput,
  renamePasskeyInput,
  sessionIdInput,
  startTotpInput,
  updateAccountInput,
} from '@qd/shared/users';
import { httpOf } from '../../../platform/http-call.ts';
import { signedIn } from '../../../platform/trpc.ts';
import { changePassword, describeAccount, updateAccount } from '../service/account/account.ts';
import { finishPasskey, startPasskey } from '../service/account/enrol-passkey.ts';
import { confirmTotp, startTotp } from '../service/account/enrol-totp.ts';
import { nameOwnPasskey, newRecoveryCodes, removePasskey, removeTotp } from '../service/account/factors.ts';
import { endOtherSessions, endSessionOfOwn, listOwnSessions } from '../service/account/sessions.ts';
import type { UsersDeps } from '../service/deps.ts';

const ok = { ok: true } as const;

/** One's own account: name, password, second factors and sessions. */
export function accountProcedures(deps: UsersDeps) {
  return {
    get: signedIn().query(({ ctx }) => describeAccount(ctx, httpOf(ctx))),
    updateProfile: signedIn()
      .input(updateAccountInput)
      .mutation(({ ctx, input }) => updateAccount(ctx, input)),
    changePassword: signedIn({ stepUp: true })
      .input(changePasswordInput)
      .mutation(({ ctx, input }) => changePassword(ctx, deps, input, httpOf(ctx))),
    startTotp: signedIn({ stepUp: true })
      .input(startTotpInput)
      .mutation(({ ctx, input }) => startTotp(ctx, deps, input)),
    confirmTotp: signedIn()
      .input(confirmTotpInput)
      .mutation(({ ctx, input }) => confirmTotp(ctx, deps, input, httpOf(ctx))),
    removeTotp: signedIn({ stepUp: true })
      .input(factorIdInput)
      .mutation(({ ctx, input }) => removeTotp(ctx, input).then(() => ok)),
    startPasskey: signedIn({ stepUp: true }).mutation(({ ctx }) => startPasskey(ctx, httpOf(ctx))),
    finishPasskey: signedIn()
      .input(finishPasskeyInput)
      .mutation(({ ctx, input }) => finishPasskey(ctx, deps, input, httpOf(ctx))),
    renamePasskey: signedIn()
      .input(renamePasskeyInput)
      .mutation(({ ctx, input }) => nameOwnPasskey(ctx, input).then(() => ok)),
    removePasskey: signedIn({ stepUp: true })
      .input(factorIdInput)
      .mutation(({ ctx, input }) => removePasskey(ctx, input).then(() => ok)),
    newRecoveryCodes: signedIn({ stepUp: true }).mutation(({ ctx }) => newRecoveryCodes(ctx, deps)),
    sessions: signedIn()
      .input(accountSessionsInput)
      .query(({ ctx, input }) => listOwnSessions(ctx, input)),
    endSession: signedIn()
      .input(sessionIdInput)
      .mutation(({ ctx, input }) => endSessionOfOwn(ctx, input).then(() => ok)),
    endOtherSessions: signedIn().mutation(({ ctx }) => endOtherSessions(ctx)),
  };
}
