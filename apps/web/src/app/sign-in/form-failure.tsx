import type { ReactNode } from 'react';
import type { Failure } from '../../lib/errors.ts';
import { ErrorState } from '../../ui/error-state.tsx';

/** Why the form was refused, above its button. The request id only where it helps someone. */
export function FormFailure({ failure, children }: { failure: Failure; children?: ReactNode }) {
  const quotable = failure.kind === 'bug' || failure.kind === 'upstream';
  return (
    <ErrorState title={failure.message} requestId={quotable ? (failure.requestId ?? undefined) : undefined}>
      {children ?? failure.remedy}
    </ErrorState>
  );
}
