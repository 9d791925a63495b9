import type { ExclusionVersion } from '@qd/shared/slo';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import type { Zone } from '../../../lib/zone.ts';
import { useToasts } from '../../../ui/toast.tsx';
import { useExclusionMutations } from '../use-slo-mutations.ts';
import { draftFaults, draftOf, inputOf, type DraftFaults, type ExclusionDraft } from './draft.ts';
import type { PlatformChoice } from './use-places.ts';

export interface ExclusionFormProps {
  initial: ExclusionDraft;
  /** The exclusion that is changed, as it is now; null for a new one. */
  existing: ExclusionVersion | null;
  platforms: readonly PlatformChoice[];
  zone: Zone;
  onClose(): void;
}

/** Fields of the wire and where they stand in the form. */
const fieldOf: Readonly<Record<string, keyof DraftFaults>> = {
  startsAt: 'starts',
  durationMs: 'ends',
  rrule: 'recurrence',
  reason: 'reason',
  platformId: 'platformId',
  timeZone: 'timeZone',
};

function serverFaults(fields: readonly { field: string; message: string }[]): DraftFaults {
  const faults: DraftFaults = {};
  for (const { field, message } of fields) {
    const place = fieldOf[field.replace(/^exclusion\./, '')];
    if (place !== undefined) faults[place] ??= message;
  }
  return faults;
}

/** What the form holds, what is wrong with it, and how it is sent. */
export function useExclusionForm({ initial, existing, onClose }: ExclusionFormProps) {
  const { create, update } = useExclusionMutations();
  const toasts = useToasts();
  const [draft, setDraft] = useState(initial);
  const [tried, setTried] = useState(false);
  // A change is made from the version that was read: the newest would write over what a colleague just saved.
  const [version, setVersion] = useState(existing?.version ?? 0);
  // What is withdrawn cannot be changed: what was typed can only begin anew.
  const isNew = existing === null || existing.withdrawnAt !== null;
  const { error, isPending } = isNew ? create : update;
  const failure = error === null ? null : describeError(error);
  const own = draftFaults(draft);
  const faults = { ...serverFaults(failure?.fields ?? []), ...(tried ? own : {}) };
  const done = (message: string) => () => {
    onClose();
    toasts.show({ message, detail: draft.reason.trim() });
  };
  const save = (from = version) => {
    setTried(true);
    const input = inputOf(draft);
    if (input === null || isPending) return;
    if (isNew) create.mutate(input, { onSuccess: done('Time is excluded.') });
    else {
      const change = { id: existing.id, version: from, exclusion: input };
      update.mutate(change, { onSuccess: done('The exclusion is changed.') });
    }
  };
  const set = (change: Partial<ExclusionDraft>) => setDraft((before) => ({ ...before, ...change }));
  const rebase = (keepsOwn: boolean) => {
    if (existing === null) return;
    setVersion(existing.version);
    update.reset();
    if (keepsOwn) save(existing.version);
    else setDraft(draftOf(existing));
  };
  return { draft, set, isNew, faults, failure, isPending, save, rebase };
}

export type ExclusionFormState = ReturnType<typeof useExclusionForm>;
