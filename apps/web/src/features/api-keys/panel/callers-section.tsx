import type { KeyUsageView } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatCount, formatDateTime, formatWhen } from '../../../lib/format.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import type { At } from '../list/state-words.ts';
import { outcomeWords } from './outcome-words.ts';

const ranges = [
  { value: '1', label: '1 h' },
  { value: '24', label: '24 h' },
  { value: '720', label: '30 d' },
] as const;
type Range = (typeof ranges)[number]['value'];

type Caller = KeyUsageView['callers'][number];

/** Who calls with the key, from where and as what, and what became of the calls. */
export function CallersSection({ keyId, at }: { keyId: string; at: At }) {
  const trpc = useTRPC();
  const [range, setRange] = useState<Range>('24');
  const query = useQuery(
    trpc.apiKeys.usage.queryOptions({ id: keyId, hours: Number(range) }, { refetchInterval: 15_000 }),
  );
  const use = query.data;
  return (
    <section aria-label="Callers" className="min-w-0">
      <SectionHead
        title="Callers"
        note={use === undefined ? undefined : countWords(use)}
        actions={<Segmented label="Callers of the last" value={range} onChange={setRange} options={ranges} size="s" />}
      />
      {use === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={3} rowHeight="40px" widths={['30%', '30%', '10%']} />
        ) : (
          <ReadTrouble title="Who calls did not load." query={query} />
        )
      ) : (
        <Callers use={use} at={at} />
      )}
    </section>
  );
}

function countWords({ calls, refused }: KeyUsageView): string {
  const all = `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  return refused === 0 ? all : `${all}, ${formatCount(refused)} refused`;
}

function Callers({ use, at }: { use: KeyUsageView; at: At }) {
  const refusals = use.outcomes.filter(({ outcome }) => outcome !== 'ok');
  return (
    <>
      <DataTable
        caption="Callers of the key, the busiest first"
        density="compact"
        pageKeys={false}
        columns={columnsAt(at)}
        rows={use.callers}
        rowKey={({ address, agent }) => JSON.stringify([address, agent])}
        empty={<p className="py-2 text-ink-2">Nobody called with this key in that time.</p>}
      />
      {use.moreCallers > 0 && (
        <p className="mt-1.5 text-small text-ink-3">{formatCount(use.moreCallers)} more callers with fewer calls.</p>
      )}
      {refusals.length > 0 && (
        <p className="mt-1.5 text-small text-ink-2">
          Refused: {refusals.map(({ outcome, calls }) => `${formatCount(calls)} ${outcomeWords(outcome)}`).join(', ')}.
        </p>
      )}
      <p className="mt-1.5 text-small text-ink-3">
        Counted since {formatDateTime(use.fromAt, at.zone, at.nowMs)}, stored every 10 s.
      </p>
    </>
  );
}

function columnsAt({ zone, nowMs }: At): Column<Caller>[] {
  return [
    {
      key: 'caller',
      head: 'Caller',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ consumer, address, agent }) => (
        <div className="min-w-0">
          <div className="truncate font-medium">
            {consumer ?? (address === 'other' ? 'Others, together' : 'Not named')}
          </div>
          <div className="mono truncate text-small text-ink-3" title={`${address} ${agent}`}>
            {[address, agent].filter((part) => part !== '' && part !== 'other').join('  ')}
          </div>
        </div>
      ),
    },
    { key: 'calls', head: 'Calls', align: 'right', cell: ({ calls }) => formatCount(calls) },
    {
      key: 'refused',
      head: 'Refused',
      align: 'right',
      cell: ({ refused }) => <span className={refused > 0 ? 'text-warn' : 'text-ink-3'}>{formatCount(refused)}</span>,
    },
    {
      key: 'last',
      head: 'Last',
      align: 'right',
      hide: 'phone',
      cell: ({ lastAt }) => <span className="whitespace-nowrap text-ink-2">{formatWhen(lastAt, zone, nowMs)}</span>,
    },
  ];
}
