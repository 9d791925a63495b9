import { slotRoles } from '@qd/shared/oncall';
import { useId, useState, type FormEvent } from 'react';
import { serverNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { newDraft, readDraft, refusedFaults, type DraftFaults, type SlotDraft } from './draft.ts';
import { roleWords } from './oncall-words.ts';
import { PersonChoice } from './person-choice.tsx';
import { useOncallMutations } from './use-oncall.ts';

export interface CreateSlotDialogProps {
  /** Where the reader may put people on call. */
  platforms: readonly { id: string; name: string }[];
  /** What it begins with: a gap to be filled, or only the platform. */
  about: { platform: string; startsAt?: number; endsAt?: number };
  onClose(): void;
}

/** Puts somebody on call for a platform, from a time to a time. */
export function CreateSlotDialog({ platforms, about, onClose }: CreateSlotDialogProps) {
  const form = useId();
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const { create } = useOncallMutations();
  const [draft, setDraft] = useState(() => newDraft(about, { nowMs: serverNow(), zone }));
  const [tried, setTried] = useState(false);
  const failure = create.error === null ? null : describeError(create.error);
  const read = readDraft(draft, { nowMs: serverNow(), zone });
  const faults: DraftFaults = { ...refusedFaults(failure?.fields ?? []), ...(tried ? read.faults : {}) };
  const set = (change: Partial<SlotDraft>) => {
    setDraft((before) => ({ ...before, ...change }));
    create.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (read.input === null || create.isPending) return;
    create.mutateAsync(read.input).then(
      (made) => {
        toasts.show({ message: `${made.person.name} is on call.`, detail: 'They are told by mail.' });
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Put somebody on call"
      description={`From 15 minutes to 14 days; times are ${zone.label}. Nobody else can have the role then.`}
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={form} pending={create.isPending}>
            Put on call
          </Button>
        </>
      }
    >
      <form id={form} aria-label="Put somebody on call" className="grid gap-3" onSubmit={submit}>
        <Fields draft={draft} faults={faults} platforms={platforms} onChange={set} />
        {failure !== null && failure.fields.length === 0 && (
          <p role="alert" className="font-medium text-crit">
            {failure.message} {failure.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: SlotDraft;
  faults: DraftFaults;
  platforms: readonly { id: string; name: string }[];
  onChange(change: Partial<SlotDraft>): void;
}

function Fields({ draft, faults, platforms, onChange }: FieldsProps) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Field label="Platform" required error={faults.platform}>
          <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value, person: null })}>
            {draft.platform === '' && <option value="">Choose…</option>}
            {platforms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Role" error={faults.role}>
          <Select
            value={draft.role}
            onChange={(event) => onChange({ role: slotRoles.find((role) => role === event.target.value) ?? 'primary' })}
          >
            {slotRoles.map((role) => (
              <option key={role} value={role}>
                {roleWords[role]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="From" required error={faults.startsAt}>
          <Input
            type="datetime-local"
            value={draft.starts}
            onChange={(event) => onChange({ starts: event.target.value })}
          />
        </Field>
        <Field label="To" required error={faults.endsAt}>
          <Input
            type="datetime-local"
            value={draft.ends}
            onChange={(event) => onChange({ ends: event.target.value })}
          />
        </Field>
      </div>
      <PersonChoice
        key={draft.platform}
        platform={draft.platform}
        chosen={draft.person}
        error={faults.userId}
        onChoose={(person) => onChange({ person })}
      />
      <Field label="Note" aside="optional" hint="For whoever is on call." error={faults.note}>
        <Input
          value={draft.note}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => onChange({ note: event.target.value })}
        />
      </Field>
    </>
  );
}
