import type { RotationPreview } from '@qd/shared/api-keys';
import type { FormEvent } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { ReasonField } from '../../../lib/reason-field.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { BreakingCallers } from './breaking-callers.tsx';
import { DeliveryFields } from './delivery-fields.tsx';
import { faultsOf, overlapOf, type Draft } from './rotate-draft.ts';
import { ScopesField } from './scopes-field.tsx';
import { useRotationPreview } from './use-rotation.ts';

export interface RotateFormProps {
  id: string;
  keyId: string;
  preview: RotationPreview;
  draft: Draft;
  /** It was sent once: what is missing is said. */
  tried: boolean;
  /** Why the last try was refused. */
  error: unknown;
  onChange(part: Partial<Draft>): void;
  onSubmit(): void;
}

/** When the old key ends, what the new one may do, and how it is handed over. */
export function RotateForm({ id, keyId, preview, draft, tried, error, onChange, onSubmit }: RotateFormProps) {
  const faults = tried ? faultsOf(draft) : {};
  const failure = error === null ? null : describeError(error);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form id={id} className="grid gap-4" noValidate onSubmit={submit}>
      <Segmented
        label="How the old key ends"
        value={draft.isEmergency ? 'now' : 'overlap'}
        onChange={(value) => onChange({ isEmergency: value === 'now' })}
        options={[
          { value: 'overlap', label: 'After an overlap' },
          { value: 'now', label: 'At once, in an emergency' },
        ]}
      />
      {!draft.isEmergency && <OverlapFields draft={draft} preview={preview} onChange={onChange} faults={faults} />}
      <EndLine keyId={keyId} draft={draft} preview={preview} />
      {draft.isEmergency && <BreakingCallers preview={preview} />}
      <ScopesField
        all={preview.scopes}
        chosen={draft.scopes}
        fault={faults.scopes}
        onChange={(scopes) => onChange({ scopes })}
      />
      <DeliveryFields draft={draft} preview={preview} faults={faults} onChange={onChange} />
      <ReasonField value={draft.reason} onChange={(reason) => onChange({ reason })} tried={tried} />
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
    </form>
  );
}

interface PartProps {
  draft: Draft;
  preview: RotationPreview;
  faults: ReturnType<typeof faultsOf>;
  onChange(part: Partial<Draft>): void;
}

function OverlapFields({ draft, preview, faults, onChange }: PartProps) {
  return (
    <div className="grid gap-2">
      <Field
        label="Overlap, in days"
        hint={`The policy says ${preview.policyOverlapDays} d.`}
        error={faults.days}
        required
      >
        <Input value={draft.days} inputMode="numeric" onChange={(event) => onChange({ days: event.target.value })} />
      </Field>
      <Checkbox
        label="End the old key earlier once the new one is used"
        checked={draft.hasGrace}
        onChange={(event) => onChange({ hasGrace: event.target.checked })}
      />
      {draft.hasGrace && (
        <Field label="Hours after the first use of the new key" error={faults.hours} required>
          <Input
            value={draft.hours}
            inputMode="numeric"
            onChange={(event) => onChange({ hours: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

/** When the old key would end, by the server's reckoning. */
function EndLine({ keyId, draft, preview }: Pick<PartProps, 'draft' | 'preview'> & { keyId: string }) {
  const { zone } = useTimeZone();
  const nowMs = useNow(60_000);
  const { data = preview } = useRotationPreview(keyId, overlapOf(draft) ?? undefined);
  if (draft.isEmergency)
    return <p className="font-medium text-crit">The old key ends at once. This cannot be undone.</p>;
  const told = data.consumers.length;
  return (
    <p className="text-ink-2">
      The old key ends {formatDateTime(data.deadlineAt, zone, nowMs)}
      {data.isCutByExpiry ? ', when it expires' : ''}. The new one works until{' '}
      {formatDateTime(data.successorExpiresAt, zone, nowMs)}.{' '}
      {told === 0
        ? 'No consumers are named, so nobody is told.'
        : `${told === 1 ? '1 consumer is' : `${told} consumers are`} told within minutes.`}
    </p>
  );
}
