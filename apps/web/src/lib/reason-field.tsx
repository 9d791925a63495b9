import { Field, Input } from '../ui/field.tsx';
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
