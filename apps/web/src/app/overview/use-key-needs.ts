import { useQuery } from '@tanstack/react-query';
import { describeError } from '../../lib/errors.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import type { NeedsInput } from './need.ts';

/** Keys become due by the clock alone: no event tells of it. */
const READ_AGAIN_MS = 60_000;
const MOST_SECRETS = 50;

/** Keys and secrets that ask for somebody, as far as the reader may see them; nothing while they are being read. */
export function useKeyNeeds(): Pick<NeedsInput, 'keys' | 'ledger' | 'secrets' | 'unread'> {
  const trpc = useTRPC();
  const can = useCan();
  const [platform] = usePlatformScope();
  const input = platform === null ? {} : { platform };
  const options = { refetchInterval: READ_AGAIN_MS };
  const keys = useQuery(trpc.apiKeys.attention.queryOptions(input, { ...options, enabled: can('api-keys:read') }));
  const secrets = useQuery(
    trpc.secrets.list.queryOptions(
      { ...input, states: ['overdue'], limit: MOST_SECRETS },
      { ...options, enabled: can('secrets:read') },
    ),
  );
  const error = keys.error ?? secrets.error;
  return {
    keys: keys.data?.rows ?? [],
    ledger: keys.data?.ledger ?? null,
    secrets: secrets.data?.rows ?? [],
    unread: error === null ? null : describeError(error).message,
  };
}
