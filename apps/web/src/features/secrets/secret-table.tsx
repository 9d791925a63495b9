import type { SecretView } from '@qd/shared/secrets';
import { Fragment, type ReactNode } from 'react';
import { monthsAround, type MonthAxis } from '../../lib/month-axis.ts';
import { MonthRule } from '../../lib/month-rule.tsx';
import type { Zone } from '../../lib/zone.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { NowLine } from '../../ui/now-line.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Lane } from './secret-lane.tsx';
import { cadenceWords, rotatedWords, secretLook } from './secret-words.ts';

/** Secrets live up to a year. */
const SHOWN = { before: 6, after: 6 };

export interface SecretTableProps {
  rows: readonly SecretView[];
  nameOf(platform: string): string;
  zone: Zone;
  nowMs: number;
  cursorKey: string | null;
  onCursor(key: string | null): void;
  onOpen(row: SecretView): void;
  pageKeys: boolean;
  empty: ReactNode;
}

/** Secrets of each platform as bars on one axis: the time since their rotation, the time left, the time overdue. */
export function SecretTable({ rows, nameOf, zone, nowMs, empty, ...table }: SecretTableProps) {
  const axis = monthsAround(nowMs, SHOWN);
  const at = { zone, nowMs };
  const columns: Column<SecretView>[] = [
    {
      key: 'name',
      head: 'Secret',
      width: '26%',
      rowHead: true,
      cell: (row) => <Name row={row} onOpen={() => table.onOpen(row)} />,
    },
    { key: 'state', head: 'State', width: '19%', cell: (row) => <State row={row} at={at} /> },
    {
      key: 'lane',
      head: <Months axis={axis} />,
      hide: 'phone',
      className: 'qd-key-lane-cell',
      cell: (row) => <Lane row={row} axis={axis} nowMs={nowMs} />,
    },
    {
      key: 'rotated',
      head: 'Rotated',
      align: 'right',
      width: '108px',
      hide: 'phone',
      cell: (row) => <span className="whitespace-nowrap text-ink-2">{rotatedWords(row, nowMs)}</span>,
    },
  ];
  return (
    <>
      {rows.length > 0 && (
        <div className="mb-1 hidden px-2.5 phone:block">
          <Months axis={axis} />
        </div>
      )}
      <DataTable
        caption="Secrets and when they are due"
        className="qd-key-table"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        groupBy={(row) => ({ key: row.platform, head: nameOf(row.platform) })}
        renderPhone={(row) => (
          <div className="grid gap-y-1">
            <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
              <Name row={row} onOpen={() => table.onOpen(row)} />
              <State row={row} at={at} />
            </div>
            <Lane row={row} axis={axis} nowMs={nowMs} phone />
          </div>
        )}
        empty={empty}
        {...table}
      />
    </>
  );
}

function Name({ row, onOpen }: { row: SecretView; onOpen(): void }) {
  return (
    <div className="min-w-0">
      <span className="flex flex-wrap items-center gap-x-2">
        <button
          type="button"
          className="min-w-0 text-left font-semibold wrap-anywhere underline-offset-[3px] hover:underline"
          onClick={onOpen}
        >
          <BreakableName name={row.name} />
        </button>
        {row.isDemo && <Tag>Demo</Tag>}
      </span>
      <div className="truncate text-small text-ink-3">
        {cadenceWords(row)}
        {row.owner === '' ? ', nobody answers for it' : `, ${row.owner}`}
      </div>
    </div>
  );
}

function Months({ axis }: { axis: MonthAxis }) {
  return (
    <MonthRule axis={axis} every={2}>
      <NowLine ratio={axis.nowRatio} />
    </MonthRule>
  );
}

/** `GRAFANA_ADMIN_PASSWORD` goes on in the next line after an underscore, not within a word. */
function BreakableName({ name }: { name: string }) {
  let end = 0;
  return name.split(/(?<=[_./-])/).map((part) => {
    end += part.length;
    return (
      <Fragment key={end}>
        {end > part.length && <wbr />}
        {part}
      </Fragment>
    );
  });
}

function State({ row, at }: { row: SecretView; at: { zone: Zone; nowMs: number } }) {
  const look = secretLook(row, at);
  return (
    <div className="min-w-0">
      <StatusWord tone={look.tone} glyph={look.glyph}>
        {look.word}
      </StatusWord>
      <div className="text-small text-ink-3">{look.detail}</div>
    </div>
  );
}
