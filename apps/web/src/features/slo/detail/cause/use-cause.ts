import { type CauseKey, parseCause } from '@qd/shared/slo';
import { useCallback } from 'react';
import { type LinkProps, useSearchParams } from 'react-router';
import { useUrlParam } from '../../../../lib/url-state.ts';

/** What a link to a cause is made of, for the router's Link. */
export type CauseTo = Pick<LinkProps, 'to' | 'replace' | 'preventScrollReset' | 'aria-current'>;

export interface CauseChoice {
  /** The cause the address names. */
  chosen: CauseKey | null;
  toCause(key: CauseKey): CauseTo;
  close(): void;
}

/** The cause of the address. The first one chosen is a step in the history, further ones take its place. */
export function useCause(): CauseChoice {
  const [params] = useSearchParams();
  const [value, set] = useUrlParam('cause');
  const chosen = parseCause(value);
  const toCause = useCallback(
    (key: CauseKey): CauseTo => {
      const next = new URLSearchParams(params);
      next.set('cause', key);
      return {
        to: { search: `?${next.toString()}` },
        replace: chosen !== null,
        preventScrollReset: true,
        'aria-current': key === chosen ? 'true' : undefined,
      };
    },
    [params, chosen],
  );
  const close = useCallback(() => set(null), [set]);
  return { chosen, toCause, close };
}
