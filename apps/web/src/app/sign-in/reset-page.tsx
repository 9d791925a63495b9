import type { ResetLinkView } from '@qd/shared/users';
import { useState } from 'react';
import { Link } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { lookAtResetLink, spendResetLink } from '../../lib/plain-api.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { NewPasswordField, useEntryForm } from './entry-form.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { FormFailure } from './form-failure.tsx';
import { OneTimeLink } from './one-time-link.tsx';
import { useSubmit } from './use-submit.ts';

/** The way back in by a link that an owner or admin made: a new password, or second factors off. */
export function ResetPage() {
  return (
    <OneTimeLink title="Back in" incomplete="Open the link you were sent." look={lookAtResetLink}>
      {(link, token) => <ResetLink link={link} token={token} />}
    </OneTimeLink>
  );
}

function ResetLink({ link, token }: { link: ResetLinkView; token: string }) {
  const [isDone, setDone] = useState(false);
  const { submit, pending, failure } = useSubmit(spendResetLink, () => setDone(true));
  if (isDone) return <Done kind={link.kind} />;
  const use = (password?: string): void => submit({ token, ...(password !== undefined && { password }) });
  if (link.kind === 'password') {
    return (
      <EntryFrame title="New password" call={`Set a new password, ${link.name}.`}>
        <PasswordForm onUse={use} pending={pending} failure={failure} />
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="Second factors" call={`Take your second factors off, ${link.name}.`}>
      <p className="mb-4 text-ink-2">
        Your authenticator apps, passkeys and recovery codes stop working, and every session of yours ends. You then
        sign in with your password, and set up new ones in your account.
      </p>
      {failure !== null && <FormFailure failure={failure} />}
      <Button variant="primary" className="mt-4" pending={pending} onClick={() => use()}>
        Take second factors off
      </Button>
    </EntryFrame>
  );
}

type Submit = ReturnType<typeof useSubmit>;

interface PasswordFormProps extends Pick<Submit, 'pending' | 'failure'> {
  onUse(password: string): void;
}

const fields = ['password'] as const;

function PasswordForm({ onUse, pending, failure }: PasswordFormProps) {
  const { onSubmit, errorOf, unnamed } = useEntryForm(fields, failure, ({ password }) => onUse(password));
  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <NewPasswordField label="New password" hint=" Every session of yours ends." error={errorOf('password')} />
      {unnamed !== null && <FormFailure failure={unnamed} />}
      <Button type="submit" variant="primary" pending={pending}>
        {pending ? 'Setting the password…' : 'Set password'}
      </Button>
    </form>
  );
}

function Done({ kind }: Pick<ResetLinkView, 'kind'>) {
  return (
    <EntryFrame
      title="Back in"
      call={kind === 'password' ? 'Your new password is set.' : 'Your second factors are off.'}
    >
      <p className="text-ink-2">The link is spent, and every session of yours has ended.</p>
      <Link to={paths.signIn} {...buttonLook({ variant: 'primary', className: 'mt-4' })}>
        Go to sign-in
      </Link>
    </EntryFrame>
  );
}
