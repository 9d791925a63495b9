import type { CreatablePlatform, ForeignKey } from '@qd/shared/api-keys';
import { Field, PasswordInput } from '../../../ui/field.tsx';

export interface ForeignKeyFieldProps {
  text: string;
  /** What the text is, as far as it tells by itself; null while there is none. */
  read: ForeignKey | null;
  platforms: readonly CreatablePlatform[];
  error?: string | undefined;
  onChange(text: string): void;
}

/** A key made elsewhere, as it is sent. It stays in this form and goes nowhere but into the act. */
export function ForeignKeyField({ text, read, platforms, error, onChange }: ForeignKeyFieldProps) {
  const fault = read !== null && !read.ok ? read.message : undefined;
  return (
    <Field
      label="The key"
      required
      error={error ?? fault}
      hint={read?.ok === true ? formWords(read, text.trim().length, platforms) : emptyWords}
    >
      {/* Without a limit of the field: a key cut short by it would be taken for another. */}
      <PasswordInput
        value={text}
        autoComplete="off"
        data-1p-ignore
        className="mono"
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

const emptyWords = 'Paste it as it is sent. Only a keyed hash of it is kept.';
const unseen = 'It has no checksum, so a typo would not be seen.';

function formWords(
  { form }: Extract<ForeignKey, { ok: true }>,
  characters: number,
  platforms: readonly CreatablePlatform[],
): string {
  if (form.format === 'opaque') return `Made elsewhere, ${characters} characters in no form known here. ${unseen}`;
  const names = platforms.filter(({ policy }) => policy.prefix === form.prefix).map(({ name }) => name);
  const whose = names.length === 0 ? 'of no platform here' : `of ${names.join(' or ')}`;
  return `Short form, ${form.prefix}, ${whose}, for ${form.environment}. ${unseen}`;
}
