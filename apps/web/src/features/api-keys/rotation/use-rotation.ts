import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiInputs, ApiOutputs } from '../../../lib/api.ts';
import { useTRPC, useTRPCClient } from '../../../lib/trpc.ts';

/** Calls arrive with every request, which is no event of its own. */
const REFRESH_MS = 10_000;

/** Where the rotation of a key stands; null without any. */
export function useRotationBoard(keyId: string) {
  const trpc = useTRPC();
  return useQuery(trpc.apiKeys.rotation.board.queryOptions({ keyId }, { refetchInterval: REFRESH_MS }));
}

/** What rotating a key would do, for an overlap of so many days; by default what the policy says. */
export function useRotationPreview(keyId: string, overlapDays: number | undefined) {
  const trpc = useTRPC();
  const input = { keyId, ...(overlapDays !== undefined && { overlapDays }) };
  return useQuery(trpc.apiKeys.rotation.preview.queryOptions(input, { placeholderData: keepPreviousData }));
}

/** Dates of keys, of one platform or of all. */
export function useKeyCalendar(platform: string | null) {
  const trpc = useTRPC();
  return useQuery(trpc.apiKeys.rotation.calendar.queryOptions(platform === null ? {} : { platform }));
}

/** Acts on rotations that are under way. */
export function useRotationMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  // Not waited for: a read that fails must not hold back the word that the act is done.
  const onSettled = () => void client.invalidateQueries(trpc.apiKeys.pathFilter());
  return {
    extend: useMutation(trpc.apiKeys.rotation.extend.mutationOptions({ onSettled })),
    cancel: useMutation(trpc.apiKeys.rotation.cancel.mutationOptions({ onSettled })),
    close: useMutation(trpc.apiKeys.rotation.close.mutationOptions({ onSettled })),
    remind: useMutation(trpc.apiKeys.rotation.remind.mutationOptions({ onSettled })),
    startMany: useMutation(trpc.apiKeys.rotation.startMany.mutationOptions({ onSettled })),
    remindMany: useMutation(trpc.apiKeys.rotation.remindMany.mutationOptions({ onSettled })),
  };
}

type Start = Omit<ApiInputs['apiKeys']['rotation']['start'], 'keyId'>;
export type Started = ApiOutputs['apiKeys']['rotation']['start'];

/** Starts a rotation. Its answer holds the new key, so it passes no cache: whoever calls keeps it in their own state alone. */
export function useStartRotation(keyId: string) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const client = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const start = async (input: Start, isEmergency: boolean): Promise<Started | null> => {
    setPending(true);
    setError(null);
    const { overlapDays: _days, graceHours: _hours, ...rest } = input;
    try {
      return isEmergency
        ? await api.apiKeys.rotation.emergency.mutate({ keyId, ...rest })
        : await api.apiKeys.rotation.start.mutate({ keyId, ...input });
    } catch (failure) {
      setError(failure);
      return null;
    } finally {
      setPending(false);
      void client.invalidateQueries(trpc.apiKeys.pathFilter());
    }
  };
  return { start, pending, error };
}
