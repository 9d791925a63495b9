import { useEffect, useState } from 'react';
import type { SessionView } from '../../lib/api.ts';
import { askSession } from '../../lib/plain-api.ts';

/** What the console says of itself and of who is here; undefined until it has answered, or when it cannot. */
export function useEntrySession(): SessionView | undefined {
  const [session, setSession] = useState<SessionView>();
  useEffect(() => {
    const abort = new AbortController();
    // The form works without the answer, and says why when the server is not there.
    askSession(abort.signal).then(setSession, () => undefined);
    return () => abort.abort();
  }, []);
  return session;
}
