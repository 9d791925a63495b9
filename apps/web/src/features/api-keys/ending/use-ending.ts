import { LEDGER_PENDING } from '@qd/shared/api-keys/ending';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';
import { useToasts } from '../../../ui/toast.tsx';

const REFRESH_MS = 15_000;

/** What ending a key now would cost. */
export function useEndingPreview(keyId: string) {
  const trpc = useTRPC();
  return useQuery(trpc.apiKeys.ending.preview.queryOptions({ id: keyId }, { refetchInterval: REFRESH_MS }));
}

/** Ending a key, stopping it, and letting it work again. */
export function useEndingMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const toasts = useToasts();
  /** What whoever ends a key learns besides: it is refused, and yet something is left to be done. */
  const tell = (isLedgerPending: boolean): void => {
    if (isLedgerPending) toasts.show({ message: LEDGER_PENDING });
  };
  const onSettled = () => client.invalidateQueries(trpc.apiKeys.pathFilter());
  return {
    revoke: useMutation(
      trpc.apiKeys.ending.revoke.mutationOptions({ onSettled, onSuccess: (done) => tell(done.isLedgerPending) }),
    ),
    // Not waited for: what became of the keys is known before the page has read everything again.
    revokeMany: useMutation(
      trpc.apiKeys.ending.revokeMany.mutationOptions({
        onSettled: () => void onSettled(),
        onSuccess: (ended) => tell(ended.some((key) => key.isLedgerPending)),
      }),
    ),
    quarantine: useMutation(trpc.apiKeys.ending.quarantine.mutationOptions({ onSettled })),
    release: useMutation(trpc.apiKeys.ending.release.mutationOptions({ onSettled })),
  };
}
