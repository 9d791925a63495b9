import { setFactorPolicyInput } from '@qd/shared/users';
import { guarded } from '../../../platform/trpc.ts';
import { describeFactorCoverage, listFactorPolicies, setFactorPolicy } from '../service/factor-policies.ts';

/** Who must use a second factor, and how far people have come. */
export const policyProcedures = {
  factorPolicies: guarded('users:read').query(({ ctx }) => listFactorPolicies(ctx)),
  factorCoverage: guarded('users:read').query(({ ctx }) => describeFactorCoverage(ctx)),
  setFactorPolicy: guarded('users:policy', { stepUp: true })
    .input(setFactorPolicyInput)
    .mutation(({ ctx, input }) => setFactorPolicy(ctx, input)),
};
