import { useMutation, useQueryClient } from '@tanstack/react-query';
import { describeError, type Failure } from '../../lib/errors.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { endSession } from '../session-cache.ts';

/** Ends the session here and on the server, and forgets everything that was read with it. */
export function useSignOut(): { signOut(): void; failure: Failure | null } {
  const trpc = useTRPC();
  const client = useQueryClient();
  const leave = () => endSession(client);
  const { mutate, error } = useMutation(
    trpc.session.signOut.mutationOptions({
      onSuccess: leave,
      // A session that is already over is the result that was asked for.
      onError: (cause) => (describeError(cause).kind === 'unauthenticated' ? leave() : undefined),
    }),
  );
  return { signOut: () => mutate(), failure: error ? describeError(error) : null };
}
