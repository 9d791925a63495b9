import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { type DataTableProps, Head, RowLine } from './data-table.tsx';
import { useTableKeys } from './use-table-keys.ts';

export type VirtualTableProps<Row> = Pick<
  DataTableProps<Row>,
  | 'caption'
  | 'columns'
  | 'rows'
  | 'rowKey'
  | 'onOpen'
  | 'cursorKey'
  | 'onCursor'
  | 'pageKeys'
  | 'sort'
  | 'onSort'
  | 'renderPhone'
> & {
  /** Height of a row before it is measured, in px. */
  rowPx: number;
  isSelected?: ((row: Row) => boolean) | undefined;
  /** Called when the end comes near: time to read more. */
  onEnd?: (() => void) | undefined;
};

const OVERSCAN_ROWS = 12;

/** Where the element begins on the page, in px; follows what is put above it. */
function usePageTop(box: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setTop(Math.round((box.current?.getBoundingClientRect().top ?? 0) + window.scrollY));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [box]);
  return top;
}

/** Room of the rows that are not drawn. */
function Spacer({ heightPx, columns }: { heightPx: number; columns: number }) {
  if (heightPx <= 0) return null;
  const style: CSSProperties = { height: heightPx, padding: 0, border: 0 };
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} style={style} />
    </tr>
  );
}

/** What the virtualizer finds a row by, and the look of a chosen one. */
function marksOf(index: number, selected: boolean | undefined) {
  return { 'data-index': index, ...(selected === true && { 'data-selected': '' }) };
}

/** A table of thousands of records of which only those in sight are drawn. Same look, keys and cursor as `DataTable`. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { caption, columns, rows, rowKey, cursorKey = null, renderPhone, rowPx, isSelected, onEnd } = props;
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const scrollMargin = usePageTop(box);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: OVERSCAN_ROWS,
    scrollMargin,
    useFlushSync: false,
  });
  const rowIdOf = (key: string) => `${id}-${key}`;
  const onCursor = (key: string | null) => {
    props.onCursor?.(key);
    if (key === null || document.getElementById(rowIdOf(key)) !== null) return;
    virtual.scrollToIndex(rows.findIndex((row) => rowKey(row) === key));
  };
  const onKeyDown = useTableKeys({
    box,
    ordered: rows,
    rowKey,
    rowIdOf,
    cursorKey,
    onCursor,
    onOpen: props.onOpen,
    pageKeys: props.pageKeys ?? true,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1);
  const isNearEnd = rows.length > 0 && (last?.index ?? 0) >= rows.length - OVERSCAN_ROWS;
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [isNearEnd, onEnd]);
  return (
    <div ref={box} className="qd-table-box" data-scroll="page" onKeyDown={onKeyDown}>
      <table className="qd-table" data-density="list" data-phone={renderPhone === undefined ? undefined : ''}>
        <caption className="sr-only">{caption}</caption>
        <Head columns={columns} sort={props.sort} onSort={props.onSort} />
        <tbody>
          <Spacer heightPx={(items[0]?.start ?? scrollMargin) - scrollMargin} columns={columns.length} />
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <RowLine
                key={item.key}
                row={row}
                rowId={rowIdOf(rowKey(row))}
                table={props}
                isCursor={rowKey(row) === cursorKey}
                attributes={{ ref: virtual.measureElement, ...marksOf(item.index, isSelected?.(row)) }}
              />
            );
          })}
          <Spacer
            heightPx={virtual.getTotalSize() - ((last?.end ?? scrollMargin) - scrollMargin)}
            columns={columns.length}
          />
        </tbody>
      </table>
    </div>
  );
}
