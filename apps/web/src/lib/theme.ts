import { useCallback, useSyncExternalStore } from 'react';
import { readPreference, storePreference } from './storage.ts';

export type Theme = 'light' | 'dark';

const PREFERENCE = 'qd-theme';
const listeners = new Set<() => void>();

function systemIsDark(): MediaQueryList | null {
  return window.matchMedia?.('(prefers-color-scheme: dark)') ?? null;
}

function shownTheme(): Theme {
  const set = document.documentElement.dataset['theme'];
  if (set === 'light' || set === 'dark') return set;
  return systemIsDark()?.matches ? 'dark' : 'light';
}

function subscribe(listener: () => void): () => void {
  const system = systemIsDark();
  listeners.add(listener);
  system?.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    system?.removeEventListener('change', listener);
  };
}

/** The theme on screen; `followsSystem` until the reader chose one. */
export function useTheme(): {
  theme: Theme;
  followsSystem: boolean;
  setTheme(theme: Theme | null): void;
  toggle(): void;
} {
  const theme = useSyncExternalStore(subscribe, shownTheme);
  const followsSystem = useSyncExternalStore(subscribe, () => readPreference(PREFERENCE) === null);
  const setTheme = useCallback((next: Theme | null) => {
    storePreference(PREFERENCE, next);
    document.documentElement.dataset['theme'] = next ?? (systemIsDark()?.matches ? 'dark' : 'light');
    for (const listener of listeners) listener();
  }, []);
  const toggle = useCallback(() => setTheme(shownTheme() === 'dark' ? 'light' : 'dark'), [setTheme]);
  return { theme, followsSystem, setTheme, toggle };
}
