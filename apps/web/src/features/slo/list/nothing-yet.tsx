import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';
import { Call, CallPart } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ListActions } from '../edit/list-actions.tsx';

/** No row to show: either nothing is set up, or what is set up waits for its first minute. */
export function NothingYet({ platform }: { platform: string | null }) {
  const trpc = useTRPC();
  const { data: platforms } = useQuery(trpc.platforms.list.queryOptions());
  const scope = platforms?.filter((one) => platform === null || one.id === platform) ?? [];
  const waiting = scope.reduce((sum, one) => sum + one.sloCount, 0);
  if (waiting > 0) return <FirstMinute count={waiting} />;
  return (
    <>
      <Call>No SLO is set up{platform === null ? '' : ' on this platform'} yet.</Call>
      <EmptyState
        title="Point Quarterdeck at your metrics."
        actions={<ListActions rows={[]} isFiltered={false} platform={platform} />}
      >
        An SLO needs a counter of all events and one of the bad ones. Define it here on a platform that has a source, or
        describe all of it in a platform file and hand it over with{' '}
        <code className="mono">npm run qd -- slo apply -f platform.yaml</code>; the first minute shows up here by
        itself.
      </EmptyState>
    </>
  );
}

function FirstMinute({ count }: { count: number }) {
  const are = count === 1 ? 'SLO is' : 'SLOs are';
  return (
    <>
      <Call>
        <CallPart tone="stale">
          {count} {are} being measured for the first time.
        </CallPart>{' '}
        Nothing is known yet.
      </Call>
      <EmptyState title="The first figures arrive within a minute.">This page fills in by itself.</EmptyState>
    </>
  );
}
