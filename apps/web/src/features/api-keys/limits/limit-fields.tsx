import { Field, Input, Textarea } from '../../../ui/field.tsx';

interface TextFieldProps {
  text: string;
  error?: string | undefined;
  onChange(text: string): void;
}

/** From which addresses a key may be used. */
export function RangesField({ text, error, onChange }: TextFieldProps) {
  return (
    <Field
      label="Only from addresses"
      hint="Ranges like 203.0.113.0/24, one a line. Empty: from anywhere."
      error={error}
    >
      <Textarea
        rows={2}
        className="mono"
        value={text}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

/** How often a key may be used. */
export function RateField({ text, error, onChange }: TextFieldProps) {
  return (
    <Field label="Calls a minute, at most" hint="All callers together. Empty: not limited." error={error}>
      <Input inputMode="numeric" autoComplete="off" value={text} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}
