import { platformsWith } from '@qd/shared/permissions';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { KeyPageLinks } from '../../../lib/key-page-links.tsx';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useUser } from '../../../lib/session.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Call } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { PepperCard } from './pepper-card.tsx';
import { PolicyForm } from './policy-form.tsx';

/** How are keys of each platform made, and how long do they live? */
export function PoliciesPage() {
  const can = useCan();
  useEffect(() => {
    document.title = 'Key policies · Quarterdeck';
  }, []);
  if (can('api-keys:read')) return <Policies />;
  return (
    <>
      <Call>Key policies are not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins, commanders, operators, support and auditors can read them.">
          Ask one of them how keys are made, or an owner for a role that may read it.
        </Forbidden>
      </div>
    </>
  );
}

function Policies() {
  const trpc = useTRPC();
  const { grants } = useUser();
  const [scope] = usePlatformScope();
  const [param, setParam] = useUrlParam('of');
  const platforms = useQuery(trpc.platforms.list.queryOptions());
  const readable = platformsWith(grants, 'api-keys:read');
  const list = (platforms.data ?? []).filter(({ id }) => readable === '*' || readable.includes(id));
  const current = list.find(({ id }) => id === (param ?? scope)) ?? list[0];
  return (
    <>
      <Call>
        {current === undefined ? 'How keys are made.' : `How keys of ${current.name} are made, and how long they live.`}
      </Call>
      <KeyPageLinks />
      {platforms.data === undefined && platforms.error === null && <SkeletonRows rows={5} />}
      {platforms.data === undefined && platforms.error !== null && (
        <ReadTrouble title="The platforms did not load." query={platforms} />
      )}
      {platforms.data !== undefined && current === undefined && (
        <EmptyState title="There is no platform yet.">Add one, and its keys follow a policy of their own.</EmptyState>
      )}
      {current !== undefined && (
        <>
          {list.length > 1 && (
            <div className="mb-5 overflow-x-auto">
              <Segmented
                label="Platform"
                value={current.id}
                onChange={setParam}
                options={list.map(({ id, name }) => ({ value: id, label: name }))}
              />
            </div>
          )}
          <div className="grid items-start gap-x-10 gap-y-8 desk:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
            <Policy platform={current.id} />
            <PepperCard />
          </div>
        </>
      )}
    </>
  );
}

function Policy({ platform }: { platform: string }) {
  const trpc = useTRPC();
  const { zone } = useTimeZone();
  const query = useQuery(trpc.apiKeys.policies.get.queryOptions({ platform }));
  const { data } = query;
  if (data === undefined) {
    if (query.error !== null) return <ReadTrouble title="The policy did not load." query={query} />;
    return <SkeletonRows rows={5} />;
  }
  const changed =
    data.updatedAt === null
      ? 'The policy every platform begins with; nobody changed it yet.'
      : `Last changed ${formatDateTime(data.updatedAt, zone, serverNow())}.`;
  return (
    <div>
      <p className="mb-3 text-small text-ink-3">{changed}</p>
      <PolicyForm key={`${platform} ${data.updatedAt}`} view={data} />
    </div>
  );
}
