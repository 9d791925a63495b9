import type { ScopeUseView } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { formatCount, formatDay } from '../../../lib/format.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { utc } from '../../../lib/zone.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';

type Use = ScopeUseView['scopes'][number];

/** What the key may do, and what of that it does. */
export function ScopeUseSection({ keyId, nowMs }: { keyId: string; nowMs: number }) {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.scopeUse.queryOptions({ id: keyId }));
  const use = query.data;
  return (
    <section aria-label="Scopes" className="min-w-0">
      <SectionHead
        title="Scopes"
        note={use && `used ${formatCount(use.used)} of ${formatCount(use.scopes.length)} in ${use.days} d`}
      />
      {use === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={3} rowHeight="30px" widths={['40%', '20%']} />
        ) : (
          <ReadTrouble title="The use of scopes did not load." query={query} />
        )
      ) : (
        <Scopes use={use} nowMs={nowMs} />
      )}
    </section>
  );
}

function Scopes({ use, nowMs }: { use: ScopeUseView; nowMs: number }) {
  const columns: Column<Use>[] = [
    {
      key: 'scope',
      head: 'Scope',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ scope }) => <span className="mono block truncate">{scope}</span>,
    },
    { key: 'calls', head: `Calls, ${use.days} d`, align: 'right', cell: ({ calls }) => formatCount(calls) },
    {
      key: 'last',
      head: 'Last used',
      align: 'right',
      cell: ({ lastDay }) =>
        lastDay === null ? (
          <StatusWord tone="stale">Not used</StatusWord>
        ) : (
          <span className="whitespace-nowrap text-ink-2">{formatDay(Date.parse(lastDay), utc, nowMs)}</span>
        ),
    },
  ];
  return (
    <>
      <DataTable
        caption="Scopes of the key, the most used first"
        density="compact"
        pageKeys={false}
        columns={columns}
        rows={use.scopes}
        rowKey={({ scope }) => scope}
      />
      <p className="mt-1.5 text-small text-ink-3">{adviceWords(use)}</p>
    </>
  );
}

/** What follows from the use of scopes. */
export function adviceWords({ scopes, used, days, isConclusive }: ScopeUseView): string {
  const idle = scopes.length - used;
  if (idle === 0) return `Every scope was used within ${days} d.`;
  const which = idle === 1 ? 'one scope was' : `${formatCount(idle)} scopes were`;
  if (!isConclusive) return `So far ${which} not used; the key is younger than ${days} d, so that says little yet.`;
  if (used === 0) return `No scope was used in ${days} d. A key nobody uses can be revoked.`;
  const them = idle === 1 ? 'it' : 'them';
  return `${which.charAt(0).toUpperCase()}${which.slice(1)} not used in ${days} d. Take ${them} away under Limits, or leave ${them} out when the key is rotated.`;
}
