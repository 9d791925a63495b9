import {
  acceptInviteInput,
  applyResetLinkInput,
  invitationInput,
  inviteInput,
  previewInviteInput,
  resendInviteInput,
  revokeInviteInput,
  sendResetLinkInput,
} from '@qd/shared/users';
import { httpOf } from '../../../platform/http-call.ts';
import { guarded, open } from '../../../platform/trpc.ts';
import type { UsersDeps } from '../service/deps.ts';
import { acceptInvite, describeInvitation } from '../service/invitations/accept.ts';
import { inviteUser, resendInvite, revokeInvite } from '../service/invitations/invite.ts';
import { previewInvite } from '../service/invitations/preview.ts';
import { applyResetLink, describeResetLink, sendResetLink } from '../service/invitations/reset-links.ts';

/** Inviting people, and helping them back in. */
export function invitationProcedures(deps: UsersDeps) {
  return {
    previewInvite: guarded('users:invite')
      .input(previewInviteInput)
      .query(({ ctx, input }) => previewInvite(ctx, input)),
    invite: guarded('users:invite', { stepUp: true })
      .input(inviteInput)
      .mutation(({ ctx, input }) => inviteUser(ctx, deps, input)),
    resendInvite: guarded('users:invite', { stepUp: true })
      .input(resendInviteInput)
      .mutation(({ ctx, input }) => resendInvite(ctx, deps, input)),
    revokeInvite: guarded('users:invite')
      .input(revokeInviteInput)
      .mutation(({ ctx, input }) => revokeInvite(ctx, input)),
    sendResetLink: guarded('users:reset', { stepUp: true })
      .input(sendResetLinkInput)
      .mutation(({ ctx, input }) => sendResetLink(ctx, deps, input)),
  };
}

/**
 * What the holder of a link may do; open, since the link is how they come in. Looking at one is a mutation too: the input of
 * a query stands in the address, and addresses are logged.
 */
export function linkProcedures(deps: UsersDeps) {
  return {
    invitation: open.input(invitationInput).mutation(({ ctx, input }) => describeInvitation(ctx, input.token)),
    acceptInvite: open.input(acceptInviteInput).mutation(async ({ ctx, input }) => {
      await acceptInvite(ctx, deps, input, httpOf(ctx));
      return { ok: true as const };
    }),
    resetLink: open.input(invitationInput).mutation(({ ctx, input }) => describeResetLink(ctx, input.token)),
    useResetLink: open
      .input(applyResetLinkInput)
      .mutation(({ ctx, input }) => applyResetLink(ctx, deps, input, httpOf(ctx))),
  };
}
