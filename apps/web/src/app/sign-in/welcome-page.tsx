import { useState, type FormEvent } from 'react';
import { Link, Navigate, useLocation, useNavigate } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { createOwner } from '../../lib/plain-api.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Field, Input, PasswordInput } from '../../ui/field.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { faultOf } from './fault-of.ts';
import { FormFailure } from './form-failure.tsx';
import { formText } from './form-text.ts';
import { tokenOf } from './link-token.ts';
import { useEntrySession } from './use-entry-session.ts';
import { useSubmit } from './use-submit.ts';

/** First run: whoever holds the one-time link becomes the owner. */
export function WelcomePage() {
  const { hash } = useLocation();
  const session = useEntrySession();
  const token = tokenOf(hash);
  const isOpen = session?.setup === true && token !== null;
  if (session?.user != null && !isOpen) return <Navigate to={paths.overview} replace />;
  if (session?.setup === false) {
    return (
      <EntryFrame title="Welcome" call="This console already has an owner.">
        <p className="text-ink-2">The link worked once, and is spent. Sign in with your own account.</p>
        <Link to={paths.signIn} {...buttonLook({ variant: 'primary', className: 'mt-4' })}>
          Go to sign-in
        </Link>
      </EntryFrame>
    );
  }
  if (token === null) {
    return (
      <EntryFrame title="Welcome" call="Open the one-time link to become the owner.">
        <p className="text-ink-2">
          The console printed it where it was started. It begins with this address and works once, for 15 minutes, on
          the machine the console runs on. For a new one start the console again, or run{' '}
          <code className="mono">npm run qd -- users link</code>.
        </p>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="Welcome" call="Create the owner of this console.">
      <OwnerForm token={token} />
    </EntryFrame>
  );
}

function OwnerForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const [missing, setMissing] = useState<Record<string, string>>({});
  const { submit, pending, failure } = useSubmit(createOwner, () => void navigate(paths.overview, { replace: true }));
  const named = failure?.fields.some((fault) => ['name', 'email', 'password'].includes(fault.field)) ?? false;

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = {
      name: formText(form, 'name').trim(),
      email: formText(form, 'email').trim(),
      password: formText(form, 'password'),
    };
    const empty = Object.entries(input).filter(([, value]) => value === '');
    setMissing(Object.fromEntries(empty.map(([field]) => [field, 'Fill this in.'])));
    if (empty.length === 0) submit({ token, ...input });
  }

  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <Field label="Your name" error={missing['name'] ?? faultOf(failure, 'name')} required>
        <Input name="name" autoComplete="name" />
      </Field>
      <Field label="E-mail address" error={missing['email'] ?? faultOf(failure, 'email')} required>
        <Input name="email" type="email" autoComplete="username" autoCapitalize="off" spellCheck={false} />
      </Field>
      <Field
        label="Password"
        hint="At least 15 characters. Four words do it."
        error={missing['password'] ?? faultOf(failure, 'password')}
        required
      >
        <PasswordInput name="password" autoComplete="new-password" />
      </Field>
      {failure !== null && !named && <FormFailure failure={failure} />}
      <Button type="submit" variant="primary" pending={pending}>
        {pending ? 'Creating the owner…' : 'Create owner'}
      </Button>
      <p className="text-small text-ink-3">
        The owner may do everything, and invites the others. The link is spent when the owner exists.
      </p>
    </form>
  );
}
