import { useState, type FormEvent } from 'react';
import type { Failure } from '../../lib/errors.ts';
import { Field, Input, PasswordInput } from '../../ui/field.tsx';
import { faultOf } from './fault-of.ts';
import { formText } from './form-text.ts';

/**
 * A form of text fields that must all be filled in: sends them by name, trimmed but for the password, and gives what is
 * wrong with each field, by the browser or by the server.
 */
export function useEntryForm<Name extends string>(
  names: readonly Name[],
  failure: Failure | null,
  send: (input: Record<Name, string>) => void,
) {
  const [missing, setMissing] = useState<readonly Name[]>([]);
  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: Name): string => (name === 'password' ? formText(given, name) : formText(given, name).trim());
    const input = Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>;
    const empty = names.filter((name) => input[name] === '');
    setMissing(empty);
    if (empty.length === 0) send(input);
  }
  const errorOf = (name: Name): string | undefined =>
    missing.includes(name) ? 'Fill this in.' : faultOf(failure, name);
  const isNamed = failure?.fields.some(({ field }) => names.some((name) => name === field)) ?? false;
  return { onSubmit, errorOf, unnamed: isNamed ? null : failure };
}

interface EntryFieldProps {
  error: string | undefined;
}

/** How somebody is called. */
export function NameField({ error, initial }: EntryFieldProps & { initial?: string }) {
  return (
    <Field label="Your name" error={error} required>
      <Input name="name" autoComplete="name" defaultValue={initial} />
    </Field>
  );
}

/** A password to begin with. */
export function NewPasswordField({
  error,
  label = 'Password',
  hint = '',
}: EntryFieldProps & { label?: string; hint?: string }) {
  return (
    <Field label={label} hint={`At least 15 characters. Four words do it.${hint}`} error={error} required>
      <PasswordInput name="password" autoComplete="new-password" />
    </Field>
  );
}
