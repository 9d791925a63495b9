import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { serverNow } from './clock.ts';
import { describeError, isWorthRetrying } from './errors.ts';
import { noteAnswer, noteSilence } from './reach.ts';

const MAX_RETRIES = 2;
const FRESH_FOR_MS = 20_000;

/** The cache of every read. Live events make data old; nothing is refetched on a timer while the stream is up. */
export function createQueryClient(onSessionEnded: () => void = () => undefined): QueryClient {
  const onError = (error: unknown): void => {
    const { kind } = describeError(error);
    if (kind === 'network') noteSilence(serverNow());
    else noteAnswer(serverNow());
    if (kind === 'unauthenticated') onSessionEnded();
  };
  const onSuccess = (): void => noteAnswer(serverNow());
  return new QueryClient({
    queryCache: new QueryCache({ onError, onSuccess }),
    mutationCache: new MutationCache({ onError, onSuccess }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_FOR_MS,
        retry: (count, error) => count < MAX_RETRIES && isWorthRetrying(error),
        retryDelay: (attempt) => Math.min(1_000 * 2 ** attempt, 8_000),
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
