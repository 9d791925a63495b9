import type { NewKey } from '@qd/shared/api-keys';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC, useTRPCClient } from '../../../lib/trpc.ts';
import { readDraft, type KeyDraft } from './draft.ts';

/** What the owner of the key may do on its platform; null for services, and while it is not known. */
export function useHeld({ owner, platform }: KeyDraft): readonly string[] | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.apiKeys.ownerScopes.queryOptions({ ownerId: owner?.id ?? '', platform }, { enabled: owner !== null }),
  );
  return owner === null ? null : (data?.scopes ?? null);
}

/** Sends something once at a time, past the cache of mutations: the answer may hold a secret. */
export function useSecretCall<Input>(call: (input: Input) => Promise<NewKey>, onMade: (made: NewKey) => void) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const failure = error === null ? null : describeError(error);
  const send = (input: Input): void => {
    if (pending) return;
    setPending(true);
    setError(null);
    call(input)
      .then((made) => {
        onMade(made);
        void cache.invalidateQueries(trpc.apiKeys.pathFilter());
      })
      .catch(setError)
      .finally(() => setPending(false));
  };
  return {
    send,
    pending,
    failure: failure === null ? null : `${failure.message} ${failure.remedy}`,
    /** What is wrong with which field, in the server's words. */
    said: Object.fromEntries((failure?.fields ?? []).map(({ field, message }) => [field, message])),
  };
}

/** Creates what the draft stands for, and says what is wrong with it once it was sent. */
export function useCreate(draft: KeyDraft, copyFrom: string | undefined, onMade: (made: NewKey) => void) {
  const client = useTRPCClient();
  const [tried, setTried] = useState(false);
  const { send, pending, failure, said } = useSecretCall(client.apiKeys.create.mutate, onMade);
  const read = readDraft(draft, { nowMs: serverNow(), copyFrom });
  const faults: Partial<Record<string, string>> = tried && 'faults' in read ? read.faults : said;
  const submit = (): void => {
    setTried(true);
    if ('input' in read) send(read.input);
  };
  return { submit, pending, failure, faults };
}
