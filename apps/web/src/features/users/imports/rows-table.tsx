import type { ImportRowView } from '@qd/shared/users';
import { useState } from 'react';
import { Link } from 'react-router';
import { useKey, useSingleKeys } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useSelection, type Selection } from '../../../lib/use-selection.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { rowLinkClass } from '../../../ui/link.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { ChosenRows } from './chosen-rows.tsx';
import { faultWords, verdictLook } from './import-words.ts';

function Person({ row }: { row: ImportRowView }) {
  const to = useTo();
  const name = row.name || row.email || 'no name';
  return (
    <span className="grid min-w-0">
      {row.userId === null ? (
        <b className="wrap-anywhere">{name}</b>
      ) : (
        <Link to={to(paths.user(row.userId))} className={`${rowLinkClass} wrap-anywhere`}>
          {name}
        </Link>
      )}
      <span className="text-small wrap-anywhere text-ink-2">{row.email}</span>
    </span>
  );
}

function Found({ row }: { row: ImportRowView }) {
  return (
    <ul className="grid gap-0.5">
      {row.faults.map((fault) => (
        <li key={`${fault.field} ${fault.message}`} className="wrap-anywhere">
          {faultWords(fault)}
        </li>
      ))}
    </ul>
  );
}

function asksFor({ role, platform, platformRole }: ImportRowView): string {
  const parts = [role === null ? '' : `${role}`, platformRole === null ? '' : `${platformRole} (platform)`].filter(
    Boolean,
  );
  const where = platform === '*' ? 'all platforms' : platform;
  return parts.length === 0 || where === null ? parts.join(', ') : `${parts.join(', ')} on ${where}`;
}

function Verdict({ row }: { row: ImportRowView }) {
  const { tone, word } = verdictLook(row.verdict);
  return <StatusWord tone={tone}>{word}</StatusWord>;
}

function SelectBox({ row, selection }: { row: ImportRowView; selection: Selection }) {
  const key = keyOf(row);
  return (
    <input
      type="checkbox"
      className="qd-check"
      aria-label={`Select line ${row.line}`}
      checked={selection.ids.has(key)}
      onChange={() => selection.toggle(key)}
    />
  );
}

const keyOf = (row: ImportRowView): string => String(row.line);

const shownColumns: readonly Column<ImportRowView>[] = [
  { key: 'line', head: 'Line', align: 'right', width: '72px', cell: (row) => <span className="mono">{row.line}</span> },
  { key: 'person', head: 'Person', rowHead: true, width: '28%', cell: (row) => <Person row={row} /> },
  { key: 'asks', head: 'Role', width: '22%', cell: (row) => <span className="wrap-anywhere">{asksFor(row)}</span> },
  { key: 'verdict', head: 'Found', width: '120px', cell: (row) => <Verdict row={row} /> },
  { key: 'faults', head: 'What to put right', cell: (row) => <Found row={row} /> },
];

/** Rows of a file as they were found, with those chosen to be taken along. */
export function RowsTable({ rows, none }: { rows: readonly ImportRowView[]; none: string }) {
  const [singleKeys] = useSingleKeys();
  const [cursor, setCursor] = useState<string | null>(null);
  const selection = useSelection();
  const order = rows.map(keyOf);
  useKey('x', 'Select the row', () => cursor !== null && selection.toggle(cursor), cursor !== null);
  useKey(
    'shift+x',
    'Select up to the row',
    () => cursor !== null && selection.extendTo(cursor, order),
    cursor !== null,
  );
  const select: Column<ImportRowView> = {
    key: 'select',
    head: <span className="sr-only">Selected</span>,
    width: '34px',
    cell: (row) => <SelectBox row={row} selection={selection} />,
  };
  return (
    <>
      <DataTable
        caption="Rows of the file"
        columns={[select, ...shownColumns]}
        rows={rows}
        rowKey={keyOf}
        density="compact"
        cursorKey={cursor}
        onCursor={setCursor}
        pageKeys={singleKeys}
        empty={<EmptyState title={none} />}
        renderPhone={(row) => (
          <div className="grid gap-1">
            <div className="flex items-baseline justify-between gap-3">
              <span className="flex min-w-0 items-start gap-2">
                <SelectBox row={row} selection={selection} />
                <Person row={row} />
              </span>
              <Verdict row={row} />
            </div>
            <span className="text-small text-ink-2">
              Line <span className="mono">{row.line}</span>
              {asksFor(row) !== '' && `: ${asksFor(row)}`}
            </span>
            {row.faults.length > 0 && <Found row={row} />}
          </div>
        )}
      />
      <ChosenRows selection={selection} rows={rows.filter((row) => selection.ids.has(keyOf(row)))} />
    </>
  );
}
