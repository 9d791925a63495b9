import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { serverNow } from './clock.ts';
import { createLiveStream, type LiveStatus, type LiveStream } from './live-stream.ts';
import { useReach } from './reach.ts';

/** First words of the query keys that hold data of a topic. Objectives and lanes carry marks, so changes touch both. */
const routersOf: Readonly<Record<string, readonly string[]>> = {
  slo: ['slo', 'platforms'],
  platforms: ['platforms', 'slo'],
  changes: ['changes', 'slo'],
  audit: ['audit'],
  users: ['session', 'users', 'roles', 'account', 'apiKeys'],
  approvals: ['approvals'],
  'api-keys': ['apiKeys'],
  health: ['health'],
  secrets: ['secrets'],
  oncall: ['oncall'],
  settings: ['session', 'platforms', 'slo', 'changes', 'apiKeys', 'secrets', 'oncall'],
};

export const liveTopics = Object.keys(routersOf);

/** Marks the reads of these topics old; what is on screen is read again, the rest when it is next shown. */
export async function invalidateTopics(client: QueryClient, topics: ReadonlySet<string>): Promise<void> {
  const routers = new Set([...topics].flatMap((topic) => routersOf[topic] ?? []));
  const everything = topics.has('*') || routers.size === 0;
  await client.invalidateQueries({
    predicate: ({ queryKey }) => {
      const path = queryKey[0];
      return everything || (Array.isArray(path) && typeof path[0] === 'string' && routers.has(path[0]));
    },
  });
}

const LiveContext = createContext<LiveStream | null>(null);

/** Holds the one event stream of the page. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const stream = useMemo(
    () =>
      createLiveStream({
        topics: liveTopics,
        open: (url) => new EventSource(url),
        onStale: (topics) => void invalidateTopics(client, topics),
        now: serverNow,
        random: Math.random,
        isHidden: () => document.hidden,
      }),
    [client],
  );
  useEffect(() => {
    stream.start();
    document.addEventListener('visibilitychange', stream.shown);
    window.addEventListener('online', stream.shown);
    return () => {
      document.removeEventListener('visibilitychange', stream.shown);
      window.removeEventListener('online', stream.shown);
      stream.stop();
    };
  }, [stream]);
  const { lostSince } = useReach();
  useEffect(() => {
    if (lostSince === null) stream.retry();
  }, [lostSince, stream]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

const still: LiveStatus = { state: 'connecting', lastEventAt: null, downSince: null, tries: 0, waiting: 0 };
const never = (): (() => void) => () => undefined;

/** State of the stream, and the switch that L turns. */
export function useLive(): LiveStatus & { setPaused(paused: boolean): void } {
  const stream = use(LiveContext);
  const status = useSyncExternalStore(stream?.subscribe ?? never, stream?.status ?? (() => still));
  return { ...status, setPaused: (paused) => stream?.setPaused(paused) };
}
