import type { CalendarEntry } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { useState } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { formatDay, formatDuration } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { usePlatformScope, useTo } from '../../../lib/url-state.ts';
import { utc } from '../../../lib/zone.ts';
import { Button, buttonLook } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useKeyCalendar } from './use-rotation.ts';

const FEW = 8;

const kinds: Readonly<Record<CalendarEntry['kind'], string>> = {
  rotation_due: 'Rotation due',
  old_key_ends: 'Old key ends',
  expires: 'Expires',
};

/** What is due of keys until the end of the next quarter, and the same as a calendar to keep. */
export function CalendarSection() {
  const [platform] = usePlatformScope();
  const query = useKeyCalendar(platform);
  const nowMs = useNow(60_000);
  const to = useTo();
  const [isAll, setAll] = useState(false);
  const entries = query.data;
  const shown = isAll ? entries : entries?.slice(0, FEW);
  return (
    <section aria-label="Calendar" className="min-w-0">
      <SectionHead
        title="Calendar"
        note="until the end of the next quarter, UTC"
        actions={
          <a href={paths.keyCalendar} download {...buttonLook({ size: 's' })}>
            Download calendar (ICS)
          </a>
        }
      />
      {shown === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={3} rowHeight="30px" widths={['15%', '20%', '40%']} />
        ) : (
          <ReadTrouble title="The calendar did not load." query={query} />
        )
      ) : (
        <DataTable
          caption="Dates of keys, the earliest first"
          density="compact"
          pageKeys={false}
          columns={columnsAt(nowMs, to)}
          rows={shown}
          rowKey={({ keyId, kind }) => `${keyId} ${kind}`}
          empty={<p className="py-2 text-ink-2">Nothing is due until the end of the next quarter.</p>}
        />
      )}
      {entries !== undefined && entries.length > FEW && (
        <Button size="s" variant="ghost" className="mt-1.5" onClick={() => setAll(!isAll)}>
          {isAll ? 'Show the next few' : `Show all ${entries.length}`}
        </Button>
      )}
    </section>
  );
}

function columnsAt(nowMs: number, to: ReturnType<typeof useTo>): Column<CalendarEntry>[] {
  return [
    {
      key: 'day',
      head: 'Day',
      cell: ({ at }) => <span className="whitespace-nowrap">{formatDay(at, utc, nowMs)}</span>,
    },
    {
      key: 'what',
      head: 'What',
      cell: ({ kind, at }) => (
        <span className={`whitespace-nowrap ${at <= nowMs ? 'font-medium text-crit' : ''}`}>
          {kinds[kind]}
          {at <= nowMs && `, ${formatDuration(Math.max(DAY_MS, nowMs - at), { parts: 1 })} ago`}
        </span>
      ),
    },
    {
      key: 'key',
      head: 'Key',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ keyId, name, platformName, environment }) => (
        <div className="truncate phone:whitespace-normal">
          <Link to={to(paths.key(keyId))} className={linkClass}>
            {name}
          </Link>{' '}
          <span className="text-small text-ink-3 phone:block">
            {platformName}, {environment}
          </span>
        </div>
      ),
    },
  ];
}
