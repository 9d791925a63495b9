import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { describeError } from '../lib/errors.ts';
import { paths } from '../lib/paths.ts';
import { SessionProvider } from '../lib/session.tsx';
import { useTRPC } from '../lib/trpc.ts';
import { Delayed } from '../ui/skeleton.tsx';
import { Unreachable } from './states/unreachable.tsx';

const EnrolPage = lazy(() => import('./enrol/enrol-page.tsx').then((m) => ({ default: m.EnrolPage })));

const RECHECK_MS = 60_000;

/** Who is signed in, asked once a minute: a session can end while the page is open. */
function useSessionQuery() {
  const trpc = useTRPC();
  return useQuery(trpc.session.get.queryOptions(undefined, { staleTime: RECHECK_MS, refetchInterval: RECHECK_MS }));
}

/** Lets only people who are signed in pass; the others come back to the same address after signing in. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { data: session, error, refetch } = useSessionQuery();
  const { pathname, search, hash } = useLocation();
  if (session === undefined) {
    if (error) return <Unreachable failure={describeError(error)} onRetry={() => void refetch()} />;
    return (
      <Delayed words="Asking the console who you are…">
        <div className="h-dvh" />
      </Delayed>
    );
  }
  if (session.user === null) {
    // With demo accounts one can look around before there is an owner.
    if (session.setup && !session.demoAccounts) return <Navigate to={paths.welcome} replace />;
    const back = `${pathname}${search}${hash}`;
    const to = back === '/' ? '' : `?to=${encodeURIComponent(back)}`;
    return <Navigate to={`${paths.signIn}${to}`} replace />;
  }
  return (
    <SessionProvider session={session}>
      <Enrolled mustEnrol={session.user.mustEnrol} readSession={refetch}>
        {children}
      </Enrolled>
    </SessionProvider>
  );
}

interface EnrolledProps {
  mustEnrol: boolean;
  readSession(): Promise<unknown>;
  children: ReactNode;
}

/** Stays with the second factor until its person is done with it: recovery codes are shown after it counts. */
function Enrolled({ mustEnrol, readSession, children }: EnrolledProps) {
  const [enrols, setEnrols] = useState(mustEnrol);
  if (mustEnrol && !enrols) setEnrols(true);
  if (!enrols) return children;
  const leave = (): void => void readSession().finally(() => setEnrols(false));
  return (
    <Suspense>
      <EnrolPage onDone={leave} />
    </Suspense>
  );
}
