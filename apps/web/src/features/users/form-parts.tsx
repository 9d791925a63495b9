import { describeError } from '../../lib/errors.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { isReason, REASON_MISSING } from './reason.ts';

export interface ReasonFieldProps {
  value: string;
  onChange(value: string): void;
  /** The form was sent once: what is missing is said. */
  tried: boolean;
  className?: string;
}

/** Why somebody acts, as the audit log keeps it. */
export function ReasonField({ value, onChange, tried, className }: ReasonFieldProps) {
  return (
    <Field
      label="Reason, kept in the audit log"
      required
      error={tried && !isReason(value) ? REASON_MISSING : undefined}
      className={className}
    >
      <Input value={value} maxLength={500} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

/** Why the last try did not work; nothing for none. */
export function FormFailure({ error }: { error: unknown }) {
  if (error === null) return null;
  const { message, remedy } = describeError(error);
  return (
    <p role="alert" className="font-medium text-crit">
      {message} {remedy}
    </p>
  );
}

export interface SaveFootProps {
  /** Id of the form it sends. */
  form: string;
  label: string;
  pending: boolean;
  onCancel(): void;
}

/** Foot of a dialog that holds a form. */
export function SaveFoot({ form, label, pending, onCancel }: SaveFootProps) {
  return (
    <>
      <Button variant="ghost" kbd="Esc" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" form={form} variant="primary" pending={pending}>
        {label}
      </Button>
    </>
  );
}

/** The last line of a form in the panel. */
export function SaveLine({ label, pending, onUndo }: { label: string; pending: boolean; onUndo(): void }) {
  return (
    <div className="flex gap-2">
      <Button type="submit" variant="primary" size="s" pending={pending}>
        {label}
      </Button>
      <Button size="s" variant="ghost" onClick={onUndo}>
        Undo
      </Button>
    </div>
  );
}
