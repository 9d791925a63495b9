/** A step of the cursor: rows down or up, or straight to an end. */
export type CursorMove = 'next' | 'previous' | 'first' | 'last';

/**
 * Key of the row the cursor stands on after a move. Stops at both ends; a cursor on a row that is gone, or on none,
 * starts at the first row (at the last when moving up). Null when there are no rows.
 */
export function moveCursor(keys: readonly string[], cursorKey: string | null, move: CursorMove): string | null {
  const here = cursorKey === null ? -1 : keys.indexOf(cursorKey);
  if (move === 'first' || (move === 'next' && here < 0)) return keys[0] ?? null;
  if (move === 'last' || (move === 'previous' && here < 0)) return keys.at(-1) ?? null;
  const next = move === 'next' ? Math.min(keys.length - 1, here + 1) : Math.max(0, here - 1);
  return keys[next] ?? null;
}

const moves: Readonly<Record<string, CursorMove>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
};

/** The move a key stands for, or null. */
export function moveOfKey(key: string): CursorMove | null {
  return moves[key] ?? null;
}
