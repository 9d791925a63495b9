import { useEffect, useRef, useSyncExternalStore } from 'react';
import { readPreference, storePreference } from './storage.ts';

/** How long `G` waits for its second key. */
export const SEQUENCE_MS = 1_200;

const PREFERENCE = 'qd-single-keys';

export interface KeyBinding {
  /** `t`, `?`, `shift+x`, `mod+k` (⌘ or Ctrl), `g o` for a sequence. Letters in lower case. */
  keys: string;
  /** What it does, verb first: shown on the help page. */
  label: string;
  run(event: KeyboardEvent): void;
}

export interface KeyRegistry {
  add(binding: () => KeyBinding): () => void;
  handle(event: KeyboardEvent): void;
  subscribe(listener: () => void): () => void;
  /** First key of a sequence that waits for its second, or null. */
  pending(): string | null;
  bindings(): readonly KeyBinding[];
  singleKeysOn(): boolean;
  setSingleKeys(on: boolean): void;
}

/** Name of the pressed key as bindings write it. On layouts without Latin letters the place of the key counts. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'metaKey' | 'ctrlKey'>): string {
  const latin = /^[\u0020-\u007e]$/.test(event.key);
  const place = /^Key([A-Z])$/.exec(event.code)?.[1];
  const base = event.key.length > 1 || latin || place === undefined ? event.key : place;
  const name = base.toLowerCase();
  const shift = event.shiftKey && (event.key.length > 1 || /^[a-z]$/.test(name)) ? 'shift+' : '';
  return `${event.metaKey || event.ctrlKey ? 'mod+' : ''}${shift}${name}`;
}

/** True where keys belong to the text or to an open dialog, not to the page. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="dialog"], [role="alertdialog"], dialog, [role="menu"], [role="listbox"]')) return true;
  const field = target.closest('input, textarea, select, [contenteditable]:not([contenteditable="false"])');
  return field !== null && !/^(checkbox|radio|button|submit)$/.test(field.getAttribute('type') ?? '');
}

function isNotOurs(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.isComposing || event.altKey || /^(Shift|Control|Meta)$/.test(event.key);
}

export function createKeyRegistry(): KeyRegistry {
  const held: (() => KeyBinding)[] = [];
  const listeners = new Set<() => void>();
  let first: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let snapshot: readonly KeyBinding[] | null = null;

  function changed(): void {
    snapshot = null;
    for (const listener of listeners) listener();
  }
  function setFirst(key: string | null): void {
    clearTimeout(timer);
    if (key !== null) timer = setTimeout(() => setFirst(null), SEQUENCE_MS);
    if (first === key) return;
    first = key;
    changed();
  }
  /** The newest binding wins: a dialog or list may take a key from the page under it. */
  function find(keys: string): KeyBinding | undefined {
    return held.map((binding) => binding()).findLast((binding) => binding.keys === keys);
  }
  const startsSequence = (key: string): boolean => held.some((binding) => binding().keys.startsWith(`${key} `));
  const singleKeysOn = (): boolean => readPreference(PREFERENCE) !== 'off';

  return {
    add(binding) {
      held.push(binding);
      changed();
      return () => {
        held.splice(held.indexOf(binding), 1);
        changed();
      };
    },
    handle(event) {
      if (isNotOurs(event)) return;
      const name = keyName(event);
      const withModifier = name.startsWith('mod+');
      if (!withModifier && (isBusy(event.target) || !singleKeysOn())) return setFirst(null);
      const binding = find(first === null ? name : `${first} ${name}`);
      if (first === null && !binding && startsSequence(name)) return setFirst(name);
      setFirst(null);
      if (!binding) return;
      event.preventDefault();
      binding.run(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pending: () => first,
    bindings: () => (snapshot ??= held.map((binding) => binding())),
    singleKeysOn,
    setSingleKeys(on) {
      storePreference(PREFERENCE, on ? null : 'off');
      changed();
    },
  };
}

/** The registry of the page; `installKeys` connects it to the window. */
export const pageKeys = createKeyRegistry();

export function installKeys(target: Window): () => void {
  target.addEventListener('keydown', pageKeys.handle);
  return () => target.removeEventListener('keydown', pageKeys.handle);
}

/** Binds a key while the component is mounted and `enabled` is not false. Every such act also has a visible button. */
export function useKey(keys: string, label: string, run: (event: KeyboardEvent) => void, enabled = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const binding: KeyBinding = { keys, label, run: (event) => latest.current(event) };
    return pageKeys.add(() => binding);
  }, [keys, label, enabled]);
}

/** `g` while the page waits for the second key of a sequence, else null. */
export function usePendingKey(): string | null {
  return useSyncExternalStore(pageKeys.subscribe, pageKeys.pending);
}

/** Everything bound right now, for the help page. */
export function useKeyBindings(): readonly KeyBinding[] {
  return useSyncExternalStore(pageKeys.subscribe, pageKeys.bindings);
}

/** Whether keys without ⌘ or Ctrl act (WCAG 2.1.4 asks that they can be turned off). */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(pageKeys.subscribe, pageKeys.singleKeysOn), pageKeys.setSingleKeys];
}
