import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { type CursorMove, moveCursor, moveOfKey } from './table-cursor.ts';

export type TableKeys<Row> = {
  /** The element around the table. */
  box: RefObject<HTMLElement | null>;
  /** Rows in the order they are shown. */
  ordered: readonly Row[];
  rowKey: (row: Row) => string;
  /** Id of a row's element, to bring it into view. */
  rowIdOf: (key: string) => string;
  cursorKey: string | null;
  onCursor: ((key: string | null) => void) | undefined;
  onOpen: ((row: Row) => void) | undefined;
  /** Letters work anywhere on the page, not only inside the box. */
  pageKeys: boolean;
};

type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'target' | 'defaultPrevented' | 'preventDefault'
>;

const TYPING = 'input,textarea,select,[contenteditable="true"]';
const OVERLAY = '[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"],[role="radiogroup"]';

function isElsewhere(target: EventTarget | null, box: HTMLElement | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING) !== null) return true;
  const overlay = target.closest(OVERLAY);
  return overlay !== null && (box === null || !overlay.contains(box));
}

/**
 * Moves the cursor of a table with j, k and arrows and opens its row with Enter. Gives the handler of the table's
 * box; with pageKeys the letters also work while nothing else has focus.
 */
export function useTableKeys<Row>(keys: TableKeys<Row>): (event: ReactKeyboardEvent) => void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const { pageKeys } = keys;
  const hasCursor = keys.onCursor !== undefined;

  useEffect(() => {
    if (!pageKeys || !hasCursor) return undefined;
    const onKey = (event: KeyboardEvent) => {
      const { box } = latest.current;
      if (event.target instanceof Node && box.current?.contains(event.target)) return;
      pressKey(event, latest.current, event.target === document.body);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [pageKeys, hasCursor]);

  return (event) => pressKey(event, keys, true);
}

/** Arrows, Home, End and Enter act only with isHere: elsewhere they belong to what has focus. */
function pressKey<Row>(event: KeyPress, keys: TableKeys<Row>, isHere: boolean): void {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (isElsewhere(event.target, keys.box.current)) return;
  const move = moveOfKey(event.key);
  const isLetter = event.key.length === 1;
  if (move !== null && (isHere || isLetter)) moveTo(event, keys, move);
  else if (event.key === 'Enter' && isHere) openRow(event, keys);
}

function moveTo<Row>(event: KeyPress, keys: TableKeys<Row>, move: CursorMove): void {
  const next = moveCursor(keys.ordered.map(keys.rowKey), keys.cursorKey, move);
  if (next === null || keys.onCursor === undefined) return;
  event.preventDefault();
  keys.onCursor(next);
  document.getElementById(keys.rowIdOf(next))?.scrollIntoView?.({ block: 'nearest' });
}

function openRow<Row>(event: KeyPress, keys: TableKeys<Row>): void {
  const isOnControl = event.target instanceof Element && event.target.closest('a,button') !== null;
  const row = keys.ordered.find((candidate) => keys.rowKey(candidate) === keys.cursorKey);
  if (row === undefined || isOnControl || keys.onOpen === undefined) return;
  event.preventDefault();
  keys.onOpen(row);
}
