import { recordRotationInput, type SecretView } from '@qd/shared/secrets';
import { useId, useState, type FormEvent } from 'react';
import { serverNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { fromLocalField, toLocalField } from '../../lib/local-field.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, Input, Textarea } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { refusedFaults, type DraftFaults } from './draft.ts';
import { useSecretMutations } from './use-secrets.ts';

interface Typed {
  rotated: string;
  evidence: string;
  link: string;
}

function inputOf(id: string, typed: Typed, rotatedAt: number | null) {
  return {
    id,
    rotatedAt: rotatedAt ?? 0,
    evidence: typed.evidence,
    evidenceUrl: typed.link.trim() === '' ? null : typed.link.trim(),
  };
}

function faultsOf(id: string, typed: Typed, rotatedAt: number | null, nowMs: number): DraftFaults {
  const { error } = recordRotationInput.safeParse(inputOf(id, typed, rotatedAt));
  const faults = refusedFaults(
    (error?.issues ?? []).map(({ path, message }) => ({ field: String(path[0]), message })).toReversed(),
  );
  if (rotatedAt === null) faults['rotatedAt'] = 'Give the day and the time.';
  else if (rotatedAt > nowMs) faults['rotatedAt'] = 'Lies in the future; record a rotation once it is done.';
  return faults;
}

/** Records that a secret was rotated, with what shows it. */
export function RotationDialog({ secret, onClose }: { secret: SecretView; onClose(): void }) {
  const form = useId();
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const { record } = useSecretMutations();
  const [typed, setTyped] = useState<Typed>(() => ({
    rotated: toLocalField(serverNow(), zone),
    evidence: '',
    link: '',
  }));
  const [tried, setTried] = useState(false);
  const rotatedAt = fromLocalField(typed.rotated, zone);
  const failure = record.error === null ? null : describeError(record.error);
  const own = faultsOf(secret.id, typed, rotatedAt, serverNow());
  const faults = { ...refusedFaults(failure?.fields ?? []), ...(tried ? own : {}) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(own).length > 0 || record.isPending) return;
    record.mutate(inputOf(secret.id, typed, rotatedAt), {
      onSuccess: () => {
        onClose();
        toasts.show({ message: 'The rotation is recorded.', detail: secret.name });
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Record rotation of ${secret.name}`}
      description="For a rotation that was done. The console does not change the secret itself, and never holds its value."
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={record.isPending}>
            Record rotation
          </Button>
        </>
      }
    >
      <form id={form} aria-label="Record rotation" className="grid gap-3" onSubmit={submit}>
        <Field label="Rotated" hint={`By ${zone.label}`} required error={faults['rotatedAt']}>
          <Input
            type="datetime-local"
            value={typed.rotated}
            onChange={(event) => setTyped({ ...typed, rotated: event.target.value })}
          />
        </Field>
        <Field
          label="What shows it"
          hint="A ticket, a change, who saw it. Never the secret."
          required
          error={faults['evidence']}
        >
          <Textarea
            rows={3}
            value={typed.evidence}
            onChange={(event) => setTyped({ ...typed, evidence: event.target.value })}
          />
        </Field>
        <Field label="Link to it" hint="Begins with https://" error={faults['evidenceUrl']}>
          <Input type="url" value={typed.link} onChange={(event) => setTyped({ ...typed, link: event.target.value })} />
        </Field>
        {failure !== null && failure.fields.length === 0 && (
          <p role="alert" className="font-medium text-crit">
            {failure.message} {failure.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}
