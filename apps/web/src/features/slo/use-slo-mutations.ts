import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** What a change of objectives makes old: every read of the feature, and the platforms with their counts. */
function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.slo.pathFilter()),
      client.invalidateQueries(trpc.platforms.pathFilter()),
    ]);
  };
}

/** Let releases pass a frozen budget, and take that back. */
export function useOverrideMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    create: useMutation(trpc.slo.definitions.override.mutationOptions({ onSuccess })),
    withdraw: useMutation(trpc.slo.definitions.withdrawOverride.mutationOptions({ onSuccess })),
  };
}

/** Create, change and withdraw excluded time; the preview changes nothing. */
export function useExclusionMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    create: useMutation(trpc.slo.exclusions.create.mutationOptions({ onSuccess })),
    // A change that comes too late is told beside what somebody else saved: that is read first.
    update: useMutation(trpc.slo.exclusions.update.mutationOptions({ onSettled: onSuccess })),
    withdraw: useMutation(trpc.slo.exclusions.withdraw.mutationOptions({ onSuccess })),
    preview: useMutation(trpc.slo.exclusions.preview.mutationOptions()),
  };
}

/** Create, change and archive objectives; the preview reads the source and stores nothing. */
export function useDefinitionMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    create: useMutation(trpc.slo.definitions.create.mutationOptions({ onSuccess })),
    update: useMutation(trpc.slo.definitions.update.mutationOptions({ onSuccess })),
    archive: useMutation(trpc.slo.definitions.archive.mutationOptions({ onSuccess })),
  };
}

/** Adds a place to measure a platform from. */
export function useSourceMutation() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return useMutation(trpc.slo.definitions.addSource.mutationOptions({ onSuccess }));
}

/** Asks a source what a definition would have shown. */
export function usePreviewMutation() {
  const trpc = useTRPC();
  return useMutation(trpc.slo.definitions.preview.mutationOptions());
}

/** Look at documents of others, and take them over; only the second changes anything. */
export function useExchangeMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    inspect: useMutation(trpc.slo.exchange.inspect.mutationOptions()),
    take: useMutation(trpc.slo.exchange.import.mutationOptions({ onSuccess })),
  };
}
