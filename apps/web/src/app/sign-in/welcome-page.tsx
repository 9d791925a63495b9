import { Link, Navigate, useLocation, useNavigate } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { createOwner } from '../../lib/plain-api.ts';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { NameField, NewPasswordField, useEntryForm } from './entry-form.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { FormFailure } from './form-failure.tsx';
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

const fields = ['name', 'email', 'password'] as const;

function OwnerForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const { submit, pending, failure } = useSubmit(createOwner, () => void navigate(paths.overview, { replace: true }));
  const { onSubmit, errorOf, unnamed } = useEntryForm(fields, failure, (input) => submit({ token, ...input }));

  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <NameField error={errorOf('name')} />
      <Field label="E-mail address" error={errorOf('email')} required>
        <Input name="email" type="email" autoComplete="username" autoCapitalize="off" spellCheck={false} />
      </Field>
      <NewPasswordField error={errorOf('password')} />
      {unnamed !== null && <FormFailure failure={unnamed} />}
      <Button type="submit" variant="primary" pending={pending}>
        {pending ? 'Creating the owner…' : 'Create owner'}
      </Button>
      <p className="text-small text-ink-3">
        The owner may do everything, and invites the others. The link is spent when the owner exists.
      </p>
    </form>
  );
}
