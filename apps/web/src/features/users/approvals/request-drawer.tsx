import type { ApprovalView } from '@qd/shared/approvals';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { RequestBody } from './request-body.tsx';
import { RequestDialog, type RequestAct } from './request-dialog.tsx';

/** One request over the list: exactly what was asked for, who agreed, and what the reader may do about it. */
export function RequestDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.approvals.get.queryOptions({ id }));
  const [act, setAct] = useState<RequestAct | null>(null);
  const request = query.data;
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={request?.summary ?? 'Request'}
      size="wide"
      footer={request !== undefined && <Acts request={request} onAct={setAct} />}
    >
      {request === undefined && query.error === null && (
        <SkeletonRows rows={6} rowHeight="30px" widths={['24%', '50%']} />
      )}
      {request === undefined && query.error !== null && <Missing query={query} />}
      {request !== undefined && <RequestBody request={request} />}
      {request !== undefined && act !== null && (
        <RequestDialog act={act} request={request} onClose={() => setAct(null)} />
      )}
    </Drawer>
  );
}

function Missing({ query }: { query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> } }) {
  if (describeError(query.error).kind === 'not_found') {
    return <p className="text-ink-2">There is no such request, or it is about platforms you cannot see.</p>;
  }
  return <ReadTrouble title="This request did not load." query={query} />;
}

function Acts({ request, onAct }: { request: ApprovalView; onAct(act: RequestAct): void }) {
  const { approve, reject, cancel, execute } = request.may;
  if (!reject && !cancel && !execute) return <p className="mr-auto text-small text-ink-3">{whyNothing(request)}</p>;
  return (
    <>
      {reject && !approve && (
        <p className="mr-auto text-small text-ink-3">What is open takes somebody else; you can still stop it.</p>
      )}
      {cancel && (
        <Button variant="danger" className="mr-auto" onClick={() => onAct('cancel')}>
          Withdraw request
        </Button>
      )}
      {reject && <Button onClick={() => onAct('reject')}>Reject</Button>}
      {approve && (
        <Button variant="primary" onClick={() => onAct('approve')}>
          Approve
        </Button>
      )}
      {execute && (
        <Button variant="primary" onClick={() => onAct('execute')}>
          Carry out
        </Button>
      )}
    </>
  );
}

/** Why the reader has nothing to do here. */
function whyNothing({ phase }: ApprovalView): string {
  if (phase === 'pending') return 'You have decided already, or decide about nothing here.';
  if (phase === 'ready' || phase === 'cooling') return 'Only who asked for it can carry it out.';
  return 'It is settled; nothing more comes of it.';
}
