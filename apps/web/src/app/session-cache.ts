import type { QueryClient } from '@tanstack/react-query';
import type { SessionView } from '../lib/api.ts';

/** First part of the key of `session.get`: who is signed in. */
export const sessionKey = [['session', 'get']];

/** After signing out: the gate closes, and what was read goes with the cache. */
export function endSession(client: QueryClient): void {
  client.setQueriesData<SessionView>({ queryKey: sessionKey }, (session) => session && { ...session, user: null });
}
