import type { ApprovalCounts } from '@qd/shared/approvals';
import { byServerClock } from '../../../lib/clock.ts';
import { formatClock } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { requests, requestsWait } from './count-words.ts';
import { useApprovalCounts } from './use-approvals.ts';

interface CallWordsProps {
  counts: ApprovalCounts;
  readsOthers: boolean;
}

function CallWords({ counts: { toApprove, toExecute, isCut, open }, readsOthers }: CallWordsProps) {
  const total = readsOthers ? `${open} open in all` : `${open} of yours open in all`;
  if (open === 0) return readsOthers ? 'Nothing waits for a second person.' : 'None of your requests is open.';
  if (toApprove === 0 && toExecute === 0) {
    return readsOthers
      ? `Nothing waits for you; ${requests(open)} open in all.`
      : `${requests(open)} of yours ${open === 1 ? 'waits' : 'wait'} for a second person.`;
  }
  return (
    <>
      {toApprove > 0 && <CallPart tone="warn">{`${requestsWait(toApprove, isCut)} for your approval`}</CallPart>}
      {toApprove > 0 && toExecute > 0 && ', and '}
      {toExecute > 0 && <CallPart tone="warn">{`${requests(toExecute, isCut)} of yours can be carried out`}</CallPart>}
      {`. ${total}.`}
    </>
  );
}

/** What waits for the reader, and how old that is. */
export function ApprovalsHead({ readsOthers }: { readsOthers: boolean }) {
  const { zone } = useTimeZone();
  const { data, error, dataUpdatedAt } = useApprovalCounts();
  if (data === undefined) {
    if (error !== null) return <Call>The requests for approval did not load.</Call>;
    return (
      <Delayed words="Reading the requests…">
        <CallSkeleton />
      </Delayed>
    );
  }
  const clock = formatClock(byServerClock(dataUpdatedAt), zone, { seconds: true, withZone: true });
  return (
    <>
      <Call>
        {error !== null && `At ${clock}: `}
        <CallWords counts={data} readsOthers={readsOthers} />
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: error === null ? 'ok' : 'unknown',
            content: (
              <>
                As of <b>{clock}</b>
              </>
            ),
          },
          { key: 'life', content: 'A request lapses after 24 h, an approval after 30 min' },
          { key: 'audit', content: 'Every decision is written to the audit log' },
        ]}
      />
    </>
  );
}
