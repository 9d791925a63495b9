import { createContext, use, type ReactNode } from 'react';
import type { SessionUser, SessionView } from './api.ts';

const SessionContext = createContext<SessionView | null>(null);

export function SessionProvider({ session, children }: { session: SessionView; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** What the console knows about itself and about who is signed in. Only below the sign-in gate. */
export function useSession(): SessionView {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession is only for screens below the sign-in gate');
  return session;
}

/** The person signed in. */
export function useUser(): SessionUser {
  const { user } = useSession();
  if (user === null) throw new Error('useUser is only for screens below the sign-in gate');
  return user;
}
