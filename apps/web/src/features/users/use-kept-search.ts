import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { directoryParams } from './directory/filters.ts';

/** The filters and the order of the list, to be carried along: a person opens beside the list as it stands. */
export function useKeptSearch(): Record<string, string> {
  const [params] = useSearchParams();
  return useMemo(
    () =>
      Object.fromEntries(directoryParams.flatMap((name) => (params.has(name) ? [[name, params.get(name) ?? '']] : []))),
    [params],
  );
}
