import type { DeliverOptions, NewKey } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { DeliverKeyForm } from './deliver-key-form.tsx';
import { NoLink } from './deliver-refused.tsx';
import { KeyMade } from './key-made.tsx';

/** Sends a person a key of their own by a link: they draw it themselves, and nobody here ever sees it. */
export function DeliverKeyDialog({ personId, onClose }: { personId: string; onClose(): void }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.deliverOptions.queryOptions({ ownerId: personId }));
  // Here and nowhere else: it may hold a link.
  const [made, setMade] = useState<NewKey | null>(null);
  const { data } = query;
  const title = data === undefined ? 'Send a key by link' : `Send ${data.name} a key by link`;
  if (made !== null) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} title="The link is ready">
        <KeyMade made={made} overlapDays={0} onHide={onClose} onDone={onClose} />
      </Dialog>
    );
  }
  if (data?.accounts.some(({ way }) => way !== 'refused') === true) {
    return <DeliverKeyForm title={title} personId={personId} options={data} onMade={setMade} onClose={onClose} />;
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title}>
      {data === undefined ? <Waiting query={query} /> : <Nowhere options={data} />}
    </Dialog>
  );
}

function Waiting({ query }: { query: { error: unknown; refetch(): Promise<unknown> } }) {
  if (query.error === null) return <SkeletonRows rows={3} />;
  const { message, remedy, requestId } = describeError(query.error);
  return (
    <ErrorState title="The form did not load." onRetry={() => void query.refetch()} requestId={requestId ?? undefined}>
      {message} {remedy}
    </ErrorState>
  );
}

function Nowhere({ options }: { options: DeliverOptions }) {
  if (options.accounts.length > 0) {
    return <NoLink platformNames={options.accounts.map((one) => one.platformName)} isDemo={options.isDemo} />;
  }
  return (
    <p className="text-ink-2">
      {options.name} has no working account on a platform you may send keys for. Give them a role there first: a key of
      their own never does more than they may.
    </p>
  );
}
