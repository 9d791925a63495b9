import type { AccountView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field, PasswordInput } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { Part } from './part.tsx';
import { fieldFault } from './refusal-words.ts';
import { Refused } from './refused.tsx';
import { useProfileMutations } from './use-account-mutations.ts';

function endedWords(count: number): string {
  if (count === 0) return 'No other session was open.';
  return count === 1 ? '1 other session ended.' : `${count} other sessions ended.`;
}

/** A new password in place of the old one; every other session ends. */
export function PasswordPart({ account }: { account: AccountView }) {
  return (
    <Part title="Password">
      <div className="border-t border-ink pt-3">
        {account.hasPassword ? (
          <PasswordForm email={account.email} />
        ) : (
          <p className="text-ink-2">You have none. An owner or admin can send you a link to set one.</p>
        )}
      </div>
    </Part>
  );
}

function PasswordForm({ email }: { email: string }) {
  const toasts = useToasts();
  const { changePassword } = useProfileMutations();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const { error } = changePassword;
  const [oldFault, newFault] = [fieldFault(error, 'password'), fieldFault(error, 'newPassword')];

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (changePassword.isPending || password === '' || newPassword === '') return;
    changePassword.mutate(
      { password, newPassword },
      {
        onSuccess: ({ endedSessions }) => {
          setPassword('');
          setNewPassword('');
          toasts.show({ message: 'Your password is changed.', detail: endedWords(endedSessions), glyph: 'done' });
        },
      },
    );
  }

  return (
    <form onSubmit={onSubmit} className="grid gap-3" noValidate>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Field label="Current password" error={oldFault}>
        <PasswordInput value={password} onChange={(event) => setPassword(event.target.value)} />
      </Field>
      <Field label="New password" hint="At least 15 characters. Four words do it." error={newFault}>
        <PasswordInput
          value={newPassword}
          autoComplete="new-password"
          onChange={(event) => setNewPassword(event.target.value)}
        />
      </Field>
      {oldFault === undefined && newFault === undefined && <Refused error={error} />}
      <Button type="submit" className="justify-self-start" pending={changePassword.isPending}>
        Change password
      </Button>
    </form>
  );
}
