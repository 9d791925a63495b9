import { useCallback, useRef, useState } from 'react';

/** Keeps the old order for keys that stay; new keys go to the end, gone keys leave. */
export function keepOrder(shown: readonly string[], wanted: readonly string[]): string[] {
  const known = new Set(shown);
  const still = new Set(wanted);
  return [...shown.filter((key) => still.has(key)), ...wanted.filter((key) => !known.has(key))];
}

/**
 * Rows keep their places while the pointer or the focus is inside the list: nothing moves under the cursor.
 * Spread `hold` on the element around the rows. `pending` says that a new order waits.
 */
export function useStableOrder<T>(items: readonly T[], keyOf: (item: T) => string) {
  const [pointerInside, setPointerInside] = useState(false);
  const [focusInside, setFocusInside] = useState(false);
  const shown = useRef<string[]>([]);

  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const wanted = [...byKey.keys()];
  const order = pointerInside || focusInside ? keepOrder(shown.current, wanted) : wanted;
  shown.current = order;

  const onPointerEnter = useCallback(() => setPointerInside(true), []);
  const onPointerLeave = useCallback(() => setPointerInside(false), []);
  const onFocus = useCallback(() => setFocusInside(true), []);
  const onBlur = useCallback((event: React.FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFocusInside(false);
  }, []);

  return {
    rows: order.flatMap((key) => byKey.get(key) ?? []),
    pending: order.some((key, index) => key !== wanted[index]),
    hold: { onPointerEnter, onPointerLeave, onFocus, onBlur },
  };
}
