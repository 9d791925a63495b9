import { Link } from 'react-router';
import { describeError } from '../../lib/errors.ts';
import { paths } from '../../lib/paths.ts';
import { useTo } from '../../lib/url-state.ts';
import { buttonLook } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';

export interface QueryTroubleProps {
  /** What did not load: "The SLO list". */
  what: string;
  /** Heading of the page, when nothing else of it is shown. */
  pageTitle?: string;
  error: unknown;
  retrying: boolean;
  onRetry(): void;
}

/** In the place of what could not be read: refused, gone, or failed, each with its next step. */
export function QueryTrouble(props: QueryTroubleProps) {
  return (
    <>
      {props.pageTitle !== undefined && <h1 className="sr-only">{props.pageTitle}</h1>}
      <Trouble {...props} />
    </>
  );
}

function Trouble({ what, error, retrying, onRetry }: QueryTroubleProps) {
  const failure = describeError(error);
  if (failure.kind === 'forbidden') {
    return (
      <Forbidden title={`${what} is not open to your role.`}>
        {failure.message} Owners and admins can grant access to a platform.
      </Forbidden>
    );
  }
  if (failure.kind === 'not_found') return <NoSuchSlo />;
  // Nothing is on screen here, so there is no last good state to speak of.
  const isPassing = failure.kind === 'upstream' || failure.kind === 'network';
  return (
    <ErrorState
      title={`${what} did not load.`}
      onRetry={onRetry}
      retrying={retrying}
      {...(failure.requestId === null ? {} : { requestId: failure.requestId })}
    >
      {failure.message} {isPassing ? 'Try again in a moment.' : failure.remedy}
    </ErrorState>
  );
}

function NoSuchSlo() {
  const to = useTo();
  return (
    <EmptyState
      title="There is no such SLO here."
      actions={
        <Link to={to(paths.slos)} {...buttonLook({ size: 's' })}>
          See all SLOs
        </Link>
      }
    >
      It was removed, or it belongs to a platform you cannot see.
    </EmptyState>
  );
}
