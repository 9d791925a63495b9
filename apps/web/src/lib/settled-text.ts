import { useEffect, useRef, useState } from 'react';

/** Letters arrive faster than the address follows. */
const SETTLE_MS = 200;

/**
 * Text of a field whose value lives in the address: `draft` follows every letter, `onSettle` gets it trimmed once the
 * typing pauses, and a value that changes from outside replaces it. `settle` hands a value on at once.
 */
export function useSettledText(value: string, onSettle: (value: string) => void) {
  const [draft, setDraft] = useState(value);
  const settled = useRef(value);
  const onTheirWay = useRef(new Set<string>());
  const latest = useRef(onSettle);
  useEffect(() => {
    latest.current = onSettle;
  });
  useEffect(() => {
    if (value === settled.current) return onTheirWay.current.clear();
    // What was handed on earlier and arrives late is no change from outside.
    if (onTheirWay.current.has(value)) return undefined;
    settled.current = value;
    setDraft(value);
    return undefined;
  }, [value]);
  const settle = (next: string): void => {
    const text = next.trim();
    setDraft(next);
    if (text === settled.current) return;
    settled.current = text;
    onTheirWay.current.add(text);
    latest.current(text);
  };
  const settleLatest = useRef(settle);
  useEffect(() => {
    settleLatest.current = settle;
  });
  useEffect(() => {
    if (draft.trim() === settled.current) return undefined;
    const timer = setTimeout(() => settleLatest.current(draft), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return { draft, setDraft, settle };
}
