import type { DirectoryRow } from '@qd/shared/users';
import { SelectBox, selectColumn } from '../../../lib/select-column.tsx';
import type { Selection } from '../../../lib/use-selection.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { Column } from '../../../ui/data-table.tsx';
import type { Sort } from '../../../ui/table-sort.ts';
import { VirtualTable } from '../../../ui/virtual-table.tsx';
import { lastColumnWords, roleTitlesOf } from '../person-words.ts';
import { PersonCell, PlatformCell, RoleCell, SignInCell } from './person-cells.tsx';

export interface PeopleTableProps {
  rows: readonly DirectoryRow[];
  now: number;
  zone: Zone;
  nameOf(platform: string): string;
  cursorKey: string | null;
  onCursor(key: string | null): void;
  onOpen(row: DirectoryRow): void;
  pageKeys: boolean;
  sort: Sort | null;
  onSort(sort: Sort | null): void;
  /** Null for who may do nothing to many at once. */
  selection: Selection | null;
  /** Somebody is open beside the list. */
  isNarrow: boolean;
  onEnd(): void;
}

const ROW_PX = 55;

function columnsOf(props: PeopleTableProps): Column<DirectoryRow>[] {
  const { now, zone, nameOf, selection, isNarrow } = props;
  return [
    ...selectColumn<DirectoryRow>(selection),
    {
      key: 'name',
      head: 'Person',
      rowHead: true,
      // The one column that gives way: long names and addresses are cut.
      className: 'max-w-0',
      width: isNarrow ? '46%' : '34%',
      sortValue: (row) => row.name,
      cell: (row) => <PersonCell row={row} second={row.email} />,
    },
    { key: 'role', head: 'Console role', cell: (row) => <RoleCell row={row} /> },
    {
      key: 'platforms',
      head: 'On platforms',
      hide: isNarrow ? 'fold' : 'phone',
      cell: (row) => <PlatformCell row={row} nameOf={nameOf} most={isNarrow ? 1 : 2} />,
    },
    { key: 'signIn', head: 'Sign-in', cell: (row) => <SignInCell row={row} now={now} /> },
    {
      key: 'lastSeen',
      head: 'Last seen',
      align: 'right',
      hide: 'fold',
      sortValue: (row) => row.lastSeenAt,
      cell: (row) => {
        const { words, title } = lastColumnWords(row, zone, now);
        return (
          <span className="whitespace-nowrap text-ink-2" title={title}>
            {words}
          </span>
        );
      },
    },
  ];
}

function PhoneRow({ row, now, selection }: { row: DirectoryRow; now: number; selection: Selection | null }) {
  return (
    <span className="flex items-center gap-2.5">
      {selection !== null && <SelectBox row={row} selection={selection} />}
      <span className="min-w-0 flex-1">
        <PersonCell row={row} second={roleTitlesOf(row.grants).join(', ') || row.email} />
      </span>
      <SignInCell row={row} now={now} />
    </span>
  );
}

/** The people of the filter: only those in sight are drawn. */
export function PeopleTable(props: PeopleTableProps) {
  const { rows, now, selection } = props;
  return (
    <VirtualTable
      caption="People"
      columns={columnsOf(props)}
      rows={rows}
      rowKey={(row) => row.id}
      rowPx={ROW_PX}
      cursorKey={props.cursorKey}
      onCursor={props.onCursor}
      onOpen={props.onOpen}
      pageKeys={props.pageKeys}
      sort={props.sort}
      onSort={props.onSort}
      isSelected={selection === null ? undefined : (row) => selection.ids.has(row.id)}
      onEnd={props.onEnd}
      renderPhone={(row) => <PhoneRow row={row} now={now} selection={selection} />}
    />
  );
}
