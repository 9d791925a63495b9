import type { PersonView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { FormFailure, SaveLine } from '../form-parts.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';

/** Changes name and address. Somebody else's change meanwhile is shown beside what was typed, and nothing typed is lost. */
export function ProfileForm({ person, onClose }: { person: PersonView; onClose(): void }) {
  const toasts = useToasts();
  const { updateProfile } = usePersonMutations();
  const [base, setBase] = useState({ version: person.version, name: person.name, email: person.email });
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email);
  const hasMoved = person.version !== base.version;
  const failure = updateProfile.error === null ? null : describeError(updateProfile.error);
  const faultOf = (field: string) =>
    failure?.kind === 'invalid' ? failure.fields.find((fault) => fault.field === field)?.message : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { id } = person;
    updateProfile
      .mutateAsync({
        id,
        version: base.version,
        ...(name.trim() !== base.name && { name }),
        ...(email.trim() !== base.email && { email }),
      })
      .then(
        () => {
          toasts.show({ message: `The profile of ${name.trim()} is saved.` });
          onClose();
        },
        () => undefined,
      );
  };
  return (
    <form onSubmit={submit} className="mt-3 grid gap-3" aria-label="Profile">
      {hasMoved && (
        <div role="alert" className="border-l-3 border-warn-fill bg-warn-tint px-2.5 py-2">
          <p className="flex items-start gap-2 font-semibold">
            <Glyph name="warn" className="mt-1" />
            Somebody saved meanwhile: now {person.name}, {person.email}.
          </p>
          <p className="text-ink-2">What you typed is still here.</p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button
              size="s"
              onClick={() => {
                setBase({ version: person.version, name: person.name, email: person.email });
                updateProfile.reset();
              }}
            >
              Keep mine
            </Button>
            <Button size="s" onClick={onClose}>
              Take theirs
            </Button>
          </div>
        </div>
      )}
      <Field label="Name" required error={faultOf('name')}>
        <Input value={name} maxLength={200} autoComplete="off" onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Email" required error={faultOf('email')} hint="Both mailboxes are told of a new address.">
        <Input
          type="email"
          value={email}
          maxLength={320}
          autoComplete="off"
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <FormFailure error={failure?.kind === 'conflict' && hasMoved ? null : updateProfile.error} />
      <SaveLine label="Save profile" pending={updateProfile.isPending} onUndo={onClose} />
    </form>
  );
}
