import type { Failure } from '../../lib/errors.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { LoadLine } from '../../ui/mark.tsx';

/** The console did not answer even the first question. */
export function Unreachable({ failure, onRetry }: { failure: Failure; onRetry(): void }) {
  return (
    <main className="mx-auto max-w-[560px] px-gutter pt-[16vh]">
      <LoadLine />
      <h1 className="mt-4 mb-3 text-call font-call tracking-[-0.018em]">{failure.message}</h1>
      <ErrorState
        title="It is not known who is signed in."
        onRetry={onRetry}
        requestId={failure.requestId ?? undefined}
      >
        {failure.kind === 'network'
          ? 'Check the connection and that the console runs, then try again.'
          : failure.remedy}
      </ErrorState>
    </main>
  );
}
