import type { NewKey } from '@qd/shared/api-keys';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC, useTRPCClient } from '../../../lib/trpc.ts';
import { readDraft, readImport, type Faults, type KeyDraft } from './draft.ts';

/** A key as far as its owner's rights bound it. */
interface HeldOf {
  owner: { id: string } | null;
  platform: string;
}

/** What the owner of the key may do on its platform; null for services, and while it is not known. */
export function useHeld({ owner, platform }: HeldOf): readonly string[] | null {
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

/** What is sent when the form is: a draft to make a key of, or a text to take in with it. */
export interface Asked {
  draft: KeyDraft;
  copyFrom: string | undefined;
  /** A key made elsewhere; null where one is made. */
  text: string | null;
}

/** Makes, or takes in, what the draft stands for, and says what is wrong with it once it was sent. */
export function useCreate({ draft, copyFrom, text }: Asked, onMade: (made: NewKey) => void) {
  const client = useTRPCClient();
  const [tried, setTried] = useState(false);
  const create = useSecretCall(client.apiKeys.create.mutate, onMade);
  const take = useSecretCall(client.apiKeys.import.mutate, onMade);
  const { pending, failure, said } = text === null ? create : take;
  const nowMs = serverNow();
  const toMake = text === null ? readDraft(draft, { nowMs, copyFrom }) : null;
  const toTake = text === null ? null : readImport(draft, { nowMs, text });
  const faults: Faults = tried ? { ...said, ...faultsOf(toMake ?? toTake) } : said;
  const submit = (): void => {
    setTried(true);
    if (toMake !== null && 'input' in toMake) create.send(toMake.input);
    if (toTake !== null && 'input' in toTake) take.send(toTake.input);
  };
  return { submit, pending, failure, faults };
}

function faultsOf(read: { faults: Faults } | object | null): Faults {
  return read !== null && 'faults' in read ? read.faults : {};
}
