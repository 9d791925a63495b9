import type { ApprovalView } from '@qd/shared/approvals';
import { formatClock } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { useApprovals } from './use-approvals.ts';

const requests = (count: number): string => (count === 1 ? '1 request' : `${count} requests`);

interface CallWordsProps {
  open: readonly ApprovalView[];
}

function CallWords({ open }: CallWordsProps) {
  const waiting = open.filter((row) => row.may.decide).length;
  const ready = open.filter((row) => row.may.execute).length;
  if (open.length === 0) return 'Nothing waits for a second person.';
  if (waiting === 0 && ready === 0) return `Nothing waits for you; ${requests(open.length)} open in all.`;
  return (
    <>
      {waiting > 0 && (
        <CallPart tone="warn">{`${requests(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for your approval`}</CallPart>
      )}
      {waiting > 0 && ready > 0 && ', and '}
      {ready > 0 && <CallPart tone="warn">{`${requests(ready)} of yours can be carried out`}</CallPart>}
      {`. ${open.length} open in all.`}
    </>
  );
}

/** What waits for the reader, and how old that is. */
export function ApprovalsHead() {
  const { zone } = useTimeZone();
  const { query } = useApprovals('open');
  const { data, error } = query;
  if (data === undefined) {
    if (error !== null) return <Call>The requests for approval did not load.</Call>;
    return (
      <Delayed words="Reading the requests…">
        <CallSkeleton />
      </Delayed>
    );
  }
  const clock = formatClock(query.dataUpdatedAt, zone, { seconds: true, withZone: true });
  return (
    <>
      <Call>
        {error !== null && `At ${clock}: `}
        <CallWords open={data.pages.flatMap((page) => page.rows)} />
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
