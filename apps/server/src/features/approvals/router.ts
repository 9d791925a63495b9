import { approvalInput, approvalListInput, decideApprovalInput } from '@qd/shared/approvals';
import { guarded, router, signedIn } from '../../platform/trpc.ts';
import type { ApprovableActs } from './service/acts.ts';
import { cancelApproval, decideApproval } from './service/decide.ts';
import { executeApproval } from './service/execute.ts';
import { countApprovals, getApproval, listApprovals } from './service/read.ts';

/** Requests for risky acts: others decide about them, and who asked carries them out. */
export function createApprovalsRouter(acts: ApprovableActs) {
  return router({
    // Who may ask for an act need not be allowed to read what others ask for; their own they see, withdraw and carry out.
    list: signedIn()
      .input(approvalListInput)
      .query(({ ctx, input }) => listApprovals(ctx, input)),
    counts: signedIn().query(({ ctx }) => countApprovals(ctx)),
    get: signedIn()
      .input(approvalInput)
      .query(({ ctx, input }) => getApproval(ctx, input.id)),
    decide: guarded('approvals:decide', { stepUp: true })
      .input(decideApprovalInput)
      .mutation(({ ctx, input }) => decideApproval(ctx, input)),
    cancel: signedIn()
      .input(approvalInput)
      .mutation(({ ctx, input }) => cancelApproval(ctx, input.id)),
    execute: signedIn({ stepUp: true })
      .input(approvalInput)
      .mutation(async ({ ctx, input }) => ({ result: await executeApproval(ctx, acts, input.id) })),
  });
}
