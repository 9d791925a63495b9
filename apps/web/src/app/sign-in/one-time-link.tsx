import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { describeError, type Failure } from '../../lib/errors.ts';
import { paths } from '../../lib/paths.ts';
import { buttonLook } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { tokenOf } from './link-token.ts';

export interface OneTimeLinkProps<View> {
  title: string;
  /** What to say when the address lacks its end. */
  incomplete: string;
  /** Asks the server what the link is for. */
  look(token: string): Promise<View>;
  children(view: View, token: string): ReactNode;
}

/** A page behind a one-time link: looks at the link first, and says so when it is over. */
export function OneTimeLink<View>({ title, incomplete, look, children }: OneTimeLinkProps<View>) {
  const { hash } = useLocation();
  const token = tokenOf(hash);
  const { view, failure, again } = useLook(token, look);
  if (token === null) {
    return (
      <EntryFrame title={title} call={incomplete}>
        <p className="text-ink-2">Open the whole link again; part of its end is missing.</p>
      </EntryFrame>
    );
  }
  if (failure !== null) return <NotOpen title={title} failure={failure} onAgain={again} />;
  if (view === undefined) {
    return (
      <EntryFrame title={title} call="Looking at your link…">
        <p role="status" className="text-ink-3">
          This takes a moment.
        </p>
      </EntryFrame>
    );
  }
  return children(view, token);
}

function useLook<View>(token: string | null, look: (token: string) => Promise<View>) {
  const [found, setFound] = useState<{ view?: View; failure: Failure | null }>({ failure: null });
  const [tries, setTries] = useState(0);
  const ask = useEffectEvent(look);
  useEffect(() => {
    if (token === null) return undefined;
    let isOver = false;
    ask(token).then(
      (view) => !isOver && setFound({ view, failure: null }),
      (error: unknown) => !isOver && setFound({ failure: describeError(error) }),
    );
    return () => {
      isOver = true;
    };
  }, [token, tries]);
  const again = (): void => {
    setFound({ failure: null });
    setTries(tries + 1);
  };
  return { ...found, again };
}

function NotOpen({ title, failure, onAgain }: { title: string; failure: Failure; onAgain(): void }) {
  const isOver = failure.kind === 'precondition' || failure.kind === 'invalid';
  if (isOver) {
    return (
      <EntryFrame title={title} call="This link does not work any more.">
        <p className="text-ink-2">{failure.fields[0]?.message ?? failure.message}</p>
        <Link to={paths.signIn} {...buttonLook({ className: 'mt-4' })}>
          Go to sign-in
        </Link>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title={title} call="Your link could not be looked at.">
      <ErrorState title={failure.message} requestId={failure.requestId ?? undefined} onRetry={onAgain}>
        {failure.remedy}
      </ErrorState>
    </EntryFrame>
  );
}
