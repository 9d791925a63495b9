import type { Failure } from '../../lib/errors.ts';
import { Call } from '../../ui/call.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';

/** A page whose first read failed: what failed, why, what to do. Refusals are said as what they are. */
export function FailedPage({ what, failure, onRetry }: { what: string; failure: Failure; onRetry(): void }) {
  if (failure.kind === 'forbidden') {
    return (
      <>
        <Call>{what} is not open to you.</Call>
        <div className="mt-4 max-w-[640px]">
          <Forbidden title={failure.message}>{failure.remedy}</Forbidden>
        </div>
      </>
    );
  }
  return (
    <>
      <Call>{what} did not load.</Call>
      <div className="mt-4 max-w-[640px]">
        <ErrorState title={failure.message} onRetry={onRetry} requestId={failure.requestId ?? undefined}>
          {failure.kind === 'upstream' ? 'Try again in a moment.' : failure.remedy}
        </ErrorState>
      </div>
    </>
  );
}
