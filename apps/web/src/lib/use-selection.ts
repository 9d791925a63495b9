import { useCallback, useMemo, useRef, useState } from 'react';

/** Rows chosen for an act on many. */
export interface Selection {
  ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** Chooses everything between the row toggled last and this one, in the order given. */
  extendTo(id: string, order: readonly string[]): void;
  clear(): void;
}

/** A choice of rows; what leaves the list stays chosen until it is put away. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const anchor = useRef<string | null>(null);
  const toggle = useCallback((id: string) => {
    anchor.current = id;
    setIds((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const extendTo = useCallback((id: string, order: readonly string[]) => {
    const [from, to] = [order.indexOf(anchor.current ?? id), order.indexOf(id)];
    const start = Math.max(0, Math.min(from, to));
    setIds((chosen) => new Set([...chosen, ...order.slice(start, Math.max(from, to) + 1)]));
  }, []);
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(() => ({ ids, toggle, extendTo, clear }), [ids, toggle, extendTo, clear]);
}
