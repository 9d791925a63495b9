import { Call } from '../ui/call.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { describeError } from './errors.ts';
import type { ReadTroubleProps } from './read-trouble.tsx';

/** In place of a page: what did not load as its first sentence, why, and the way to try again. */
export function PageTrouble({ title, query }: ReadTroubleProps) {
  const failure = describeError(query.error);
  return (
    <>
      <Call>{title}</Call>
      <div className="mt-4 max-w-[640px]">
        <ErrorState
          title={failure.message}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          requestId={failure.requestId ?? undefined}
        >
          {failure.remedy}
        </ErrorState>
      </div>
    </>
  );
}
