import type { SecretView } from '@qd/shared/secrets';
import { useId, useState, type FormEvent } from 'react';
import { describeError } from '../../lib/errors.ts';
import { fromLocalField } from '../../lib/local-field.ts';
import { useUser } from '../../lib/session.tsx';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { draftFaults, draftOf, emptyDraft, factsOf, refusedFaults } from './draft.ts';
import { SecretFields } from './secret-fields.tsx';
import { useSecretMutations } from './use-secrets.ts';

export interface SecretFormProps {
  /** The entry that is changed; null for a new one. */
  existing: SecretView | null;
  platform: string | null;
  platforms: readonly { id: string; name: string }[];
  onClose(): void;
}

/** A new entry of the register, or a change of one. */
export function SecretForm({ existing, platform, platforms, onClose }: SecretFormProps) {
  const form = useId();
  const me = useUser();
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const { create, update } = useSecretMutations();
  const [draft, setDraft] = useState(() =>
    existing === null
      ? emptyDraft(platform ?? (platforms.length === 1 ? (platforms[0]?.id ?? '') : ''))
      : draftOf(existing, me.id),
  );
  const [tried, setTried] = useState(false);
  // A change is made from what was read when the form opened: the newest would write over what a colleague just saved.
  const [opened] = useState(existing);
  const { error, isPending } = existing === null ? create : update;
  const failure = error === null ? null : describeError(error);
  const facts = factsOf(draft, { myId: me.id, keptId: opened?.ownerId ?? null });
  const own = draftFaults(draft, facts);
  const faults = { ...refusedFaults(failure?.fields ?? []), ...(tried ? own : {}) };
  const done = (message: string) => () => {
    onClose();
    toasts.show({ message, detail: draft.name.trim() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(own).length > 0 || isPending) return;
    if (opened !== null) {
      update.mutate(
        { ...facts, id: opened.id, seenAt: opened.updatedAt },
        { onSuccess: done('The secret is changed.') },
      );
      return;
    }
    const lastRotatedAt = fromLocalField(draft.lastRotated, zone);
    create.mutate({ ...facts, platform: draft.platform, lastRotatedAt }, { onSuccess: done('The secret is added.') });
  };
  const label = existing === null ? 'Add secret' : 'Save secret';
  return (
    <Drawer
      open
      onOpenChange={onClose}
      title={existing === null ? 'Add secret' : `Change ${existing.name}`}
      description="Its name and how it is rotated. Never its value: the console refuses what looks like one."
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={isPending}>
            {label}
          </Button>
        </>
      }
    >
      <form id={form} aria-label={label} className="grid gap-3" onSubmit={submit}>
        <SecretFields
          draft={draft}
          faults={faults}
          platforms={existing === null ? platforms : null}
          keptOwner={opened !== null && draftOf(opened, me.id).owner === 'kept' ? opened.owner : null}
          zoneLabel={zone.label}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        {failure !== null && failure.fields.length === 0 && (
          <p role="alert" className="font-medium text-crit">
            {failure.message} {failure.remedy}
          </p>
        )}
      </form>
    </Drawer>
  );
}
