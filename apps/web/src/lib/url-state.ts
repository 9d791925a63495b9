import { useCallback } from 'react';
import { useLocation, useSearchParams, type To } from 'react-router';

/** Parameters that follow the reader from page to page. */
const scopeParams = ['platform', 'tz'] as const;

/** One parameter of the address. Null removes it. A change replaces the history entry unless `push` is asked for. */
export function useUrlParam(name: string): [string | null, (value: string | null, how?: 'push' | 'replace') => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (value: string | null, how: 'push' | 'replace' = 'replace') =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          if (value === null || value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: how === 'replace', preventScrollReset: true },
      ),
    [name, setParams],
  );
  return [params.get(name), set];
}

/** Several parameters at once, as text. `set` merges; null or '' removes. */
export function useUrlParams<Name extends string>(
  names: readonly Name[],
): [Partial<Record<Name, string>>, (change: Partial<Record<Name, string | null>>) => void] {
  const [params, setParams] = useSearchParams();
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = params.get(name);
    if (value !== null && value !== '') values[name] = value;
  }
  const set = useCallback(
    (change: Partial<Record<Name, string | null>>) =>
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries<string | null | undefined>(change)) {
            if (value === undefined) continue;
            if (value === null || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParams],
  );
  return [values, set];
}

const platformShape = /^[a-z][a-z0-9-]{1,31}$/;

/** The platform every page is narrowed to, from `?platform=`; null means all. */
export function usePlatformScope(): [string | null, (platform: string | null) => void] {
  const [param, set] = useUrlParam('platform');
  return [param !== null && platformShape.test(param) ? param : null, set];
}

/** Builds addresses that keep the reader's scope; `extra` adds or overrides parameters, null removes one. */
export function useTo(): (pathname: string, extra?: Record<string, string | null>) => To {
  const { search } = useLocation();
  return useCallback(
    (pathname, extra = {}) => {
      const current = new URLSearchParams(search);
      const next = new URLSearchParams();
      for (const name of scopeParams) {
        const value = current.get(name);
        if (value !== null) next.set(name, value);
      }
      for (const [name, value] of Object.entries(extra)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      return { pathname, search: text === '' ? '' : `?${text}` };
    },
    [search],
  );
}
