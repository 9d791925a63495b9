import { type ComponentPropsWithRef, Fragment, type ReactNode, useId, useRef } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';
import { nextSort, type Sort, sortRows, type SortValue } from './table-sort.ts';
import { useTableKeys } from './use-table-keys.ts';

export type Column<Row> = {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: 'left' | 'right' | undefined;
  /** Width as CSS: "104px", "20%". */
  width?: string | undefined;
  /** Screens the column is left out on: 'phone' (<= 900 px), 'fold' (<= 1180 px). */
  hide?: 'phone' | 'fold' | undefined;
  /** The cell that names its row. */
  rowHead?: boolean | undefined;
  /** Makes the column sortable. */
  sortValue?: ((row: Row) => SortValue) | undefined;
  className?: string | undefined;
};

export type TableGroup = { key: string; head: ReactNode };

export type DataTableProps<Row> = {
  /** What the table holds, for those who do not see the page around it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows with the same group key must follow each other; sorting works within groups. */
  groupBy?: ((row: Row) => TableGroup) | undefined;
  /** Enter or a press on the row. Keep a real link in the row's head as well, for new tabs. */
  onOpen?: ((row: Row) => void) | undefined;
  cursorKey?: string | null | undefined;
  onCursor?: ((key: string | null) => void) | undefined;
  /** j, k and Enter work anywhere on the page, not only inside the table. On unless another table has them. */
  pageKeys?: boolean | undefined;
  sort?: Sort | null | undefined;
  onSort?: ((sort: Sort | null) => void) | undefined;
  density?: 'list' | 'compact' | undefined;
  /** The row on the phone, in place of its cells. */
  renderPhone?: ((row: Row) => ReactNode) | undefined;
  /** CSS height at which the table scrolls in its own box; without it the page scrolls under a sticky head. */
  maxHeight?: string | undefined;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
  className?: string | undefined;
};

type Part<Row> = { group: TableGroup | null; rows: readonly Row[] };

function partsOf<Row>(rows: readonly Row[], groupBy: DataTableProps<Row>['groupBy']): Part<Row>[] {
  if (groupBy === undefined) return [{ group: null, rows }];
  const parts: { group: TableGroup; rows: Row[] }[] = [];
  for (const row of rows) {
    const group = groupBy(row);
    const last = parts.at(-1);
    if (last?.group.key === group.key) last.rows.push(row);
    else parts.push({ group, rows: [row] });
  }
  return parts;
}

function inOrder<Row>(props: DataTableProps<Row>): Part<Row>[] {
  const { rows, columns, sort, groupBy } = props;
  const valueOf = columns.find((column) => column.key === sort?.key)?.sortValue;
  const parts = partsOf(rows, groupBy);
  if (sort == null || valueOf === undefined) return parts;
  return parts.map((part) => ({ group: part.group, rows: sortRows(part.rows, valueOf, sort.direction) }));
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

/** The head row of a table, with its buttons for sorting. */
export function Head<Row>({ columns, sort, onSort }: Pick<DataTableProps<Row>, 'columns' | 'sort' | 'onSort'>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const isSorted = sort?.key === column.key;
          const canSort = column.sortValue !== undefined && onSort !== undefined;
          return (
            <th
              key={column.key}
              scope="col"
              data-align={column.align}
              data-hide={column.hide}
              aria-sort={isSorted && sort != null ? ariaSort[sort.direction] : undefined}
              style={column.width === undefined ? undefined : { width: column.width }}
            >
              {canSort ? (
                <button type="button" className="qd-sort" onClick={() => onSort(nextSort(sort ?? null, column.key))}>
                  {column.head}
                  {isSorted && <Icon name={sort?.direction === 'desc' ? 'chevron-down' : 'chevron-up'} size={12} />}
                </button>
              ) : (
                column.head
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

type RowLineProps<Row> = {
  row: Row;
  rowId: string;
  table: Pick<DataTableProps<Row>, 'columns' | 'onOpen' | 'onCursor' | 'rowKey' | 'renderPhone'>;
  isCursor: boolean;
  /** Further attributes of the row's element. */
  attributes?: ComponentPropsWithRef<'tr'> | undefined;
};

/** A press on a control inside the row is for that control, not for the row. */
function isOnControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('a,button,input,select,textarea,label,[role="menu"]') !== null;
}

/** One record as a row. */
export function RowLine<Row>({ row, rowId, table, isCursor, attributes }: RowLineProps<Row>) {
  const { columns, onOpen, onCursor, rowKey, renderPhone } = table;
  return (
    <tr
      {...attributes}
      id={rowId}
      data-open={onOpen === undefined ? undefined : ''}
      data-cursor={isCursor ? '' : undefined}
      aria-current={isCursor ? 'true' : undefined}
      onClick={(event) => {
        if (isOnControl(event.target)) return;
        onCursor?.(rowKey(row));
        onOpen?.(row);
      }}
    >
      {columns.map((column) => {
        const Cell = column.rowHead === true ? 'th' : 'td';
        return (
          <Cell
            key={column.key}
            scope={column.rowHead === true ? 'row' : undefined}
            data-align={column.align}
            data-hide={column.hide}
            className={column.className}
          >
            {column.cell(row)}
          </Cell>
        );
      })}
      {renderPhone !== undefined && (
        <td className="qd-table-phone" colSpan={columns.length}>
          {renderPhone(row)}
        </td>
      )}
    </tr>
  );
}

/** A list of records: real table, sticky head, groups, one cursor row moved by j and k, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    caption,
    columns,
    rowKey,
    cursorKey = null,
    density = 'list',
    maxHeight,
    empty,
    renderPhone,
    className,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const parts = inOrder(props);
  const ordered = parts.flatMap((part) => part.rows);
  const rowIdOf = (key: string) => `${id}-${key}`;
  const onKeyDown = useTableKeys({
    box,
    ordered,
    rowKey,
    rowIdOf,
    cursorKey,
    onCursor: props.onCursor,
    onOpen: props.onOpen,
    pageKeys: props.pageKeys ?? true,
  });
  return (
    <div
      ref={box}
      className={cx('qd-table-box', className)}
      data-scroll={maxHeight === undefined ? 'page' : 'box'}
      style={maxHeight === undefined ? undefined : { maxHeight }}
      // A box that scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={maxHeight === undefined ? undefined : 0}
      role={maxHeight === undefined ? undefined : 'region'}
      aria-label={maxHeight === undefined ? undefined : caption}
      onKeyDown={onKeyDown}
    >
      <table className="qd-table" data-density={density} data-phone={renderPhone === undefined ? undefined : ''}>
        <caption className="sr-only">{caption}</caption>
        <Head columns={columns} sort={props.sort} onSort={props.onSort} />
        <tbody>
          {parts.map((part) => (
            <Fragment key={part.group?.key ?? ''}>
              {part.group !== null && (
                <tr data-group="">
                  <th scope="rowgroup" colSpan={columns.length}>
                    {part.group.head}
                  </th>
                </tr>
              )}
              {part.rows.map((row) => {
                const key = rowKey(row);
                return <RowLine key={key} row={row} rowId={rowIdOf(key)} table={props} isCursor={key === cursorKey} />;
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
      {ordered.length === 0 && empty}
    </div>
  );
}
