import type { AccountView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { Part } from './part.tsx';
import { fieldFault, refusalWords } from './refusal-words.ts';
import { useProfileMutations } from './use-account-mutations.ts';

/** Name and address. The address is the identity others grant rights to: an admin changes it. */
export function ProfilePart({ account }: { account: AccountView }) {
  const toasts = useToasts();
  const { updateProfile } = useProfileMutations();
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? account.name;
  const { error } = updateProfile;
  const fault = fieldFault(error, 'name') ?? (error === null ? null : refusalWords(error));

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (updateProfile.isPending) return;
    updateProfile.mutate(
      { name, version: account.version },
      {
        onSuccess: () => {
          setTyped(null);
          toasts.show({ message: 'Your name is changed.', glyph: 'done' });
        },
      },
    );
  }

  return (
    <Part title="You">
      <form onSubmit={onSubmit} className="grid gap-3 border-t border-ink pt-3" noValidate>
        <Field label="Name" error={fault}>
          <Input value={name} autoComplete="name" onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <p className="text-small text-ink-3">
          You sign in as <span className="mono text-ink wrap-anywhere">{account.email}</span>. An admin can change that.
        </p>
        <Button
          type="submit"
          className="justify-self-start"
          pending={updateProfile.isPending}
          disabledReason={name === account.name ? 'Nothing is changed yet' : undefined}
        >
          Save name
        </Button>
      </form>
    </Part>
  );
}
