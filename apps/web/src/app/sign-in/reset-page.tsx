import type { ResetLinkView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { lookAtResetLink, spendResetLink } from '../../lib/plain-api.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { faultOf } from './fault-of.ts';
import { FormFailure } from './form-failure.tsx';
import { formText } from './form-text.ts';
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

function PasswordForm({ onUse, pending, failure }: PasswordFormProps) {
  const [isMissing, setMissing] = useState(false);
  const fault = faultOf(failure, 'password');

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const password = formText(new FormData(event.currentTarget), 'password');
    setMissing(password === '');
    if (password !== '') onUse(password);
  }

  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <Field
        label="New password"
        hint="At least 15 characters. Four words do it. Every session of yours ends."
        error={isMissing ? 'Fill this in.' : fault}
        required
      >
        <PasswordInput name="password" autoComplete="new-password" />
      </Field>
      {failure !== null && fault === undefined && <FormFailure failure={failure} />}
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
