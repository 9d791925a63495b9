import { useState } from 'react';
import { describeError, type Failure } from '../../lib/errors.ts';

/** Runs a call of a form once at a time, and keeps why it was refused. */
export function useSubmit<Input, Output>(call: (input: Input) => Promise<Output>, onDone: (output: Output) => void) {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = (input: Input): void => {
    if (pending) return;
    setPending(true);
    call(input)
      .then((output) => {
        setFailure(null);
        onDone(output);
      })
      .catch((error: unknown) => setFailure(refusalWords(error)))
      .finally(() => setPending(false));
  };
  return { submit, pending, failure };
}

/** A failed call in words. A wrong password is an answer, not an ended session: here the server's own sentence counts. */
function refusalWords(error: unknown): Failure {
  const failure = describeError(error);
  if (failure.kind !== 'unauthenticated') return failure;
  const said = error instanceof Error ? error.message : '';
  return { ...failure, message: said || 'The address or the password is wrong.', remedy: 'Check it and try again.' };
}
