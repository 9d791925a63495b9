import { ErrorState } from '../ui/error-state.tsx';
import { describeError } from './errors.ts';

export interface ReadTroubleProps {
  /** What did not load. */
  title: string;
  query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> };
}

/** Why a read failed, with the request id and the way to try again. */
export function ReadTrouble({ title, query }: ReadTroubleProps) {
  const failure = describeError(query.error);
  return (
    <ErrorState
      title={title}
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      requestId={failure.requestId ?? undefined}
    >
      {failure.message} {failure.remedy}
    </ErrorState>
  );
}
