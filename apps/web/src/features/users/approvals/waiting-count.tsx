import { requestsWait } from './count-words.ts';
import { useApprovalCounts } from './use-approvals.ts';

/** How many requests wait for the reader's approval; nothing for none. */
export function WaitingCount() {
  const { data } = useApprovalCounts();
  if (data === undefined || data.toApprove === 0) return null;
  const { toApprove, isCut } = data;
  const words = `${requestsWait(toApprove, isCut)} for your approval`;
  return (
    <span
      title={words}
      className="inline-flex h-4 min-w-4 items-center justify-center rounded-2 bg-warn-tint px-1 text-micro font-semibold text-warn"
    >
      <span aria-hidden="true">{isCut ? `${toApprove}+` : toApprove}</span>
      <span className="sr-only">, {words}</span>
    </span>
  );
}
