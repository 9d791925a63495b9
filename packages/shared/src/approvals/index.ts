export {
  approvalPhase,
  approvalStates,
  COOLING_OFF_MS,
  EXECUTE_WITHIN_MS,
  isOpen,
  REQUEST_LIFE_MS,
  type ApprovalPhase,
  type ApprovalState,
} from './phase.ts';
export {
  criticalAmong,
  criticalPermissions,
  MANY_PEOPLE,
  meetsRule,
  riskRules,
  rulesFor,
  type ApprovalRule,
  type Approver,
  type Risk,
  type RiskKind,
} from './rules.ts';
export { rulesMet, rulesProgress, shareOut, type RuleProgress } from './share-out.ts';
export {
  approvalInput,
  approvalListInput,
  decideApprovalInput,
  type ActOutcome,
  type ApprovalCounts,
  type ApprovalDetail,
  type ApprovalListInput,
  type ApprovalNotice,
  type ApprovalRuleView,
  type ApprovalView,
  type ApprovalVoteView,
  type DecideApprovalInput,
} from './schemas.ts';
