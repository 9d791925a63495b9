import type { InvitationView, SignInProvider } from '@qd/shared/users';
import { useRef } from 'react';
import { useNavigate } from 'react-router';
import { useNow } from '../../lib/clock.ts';
import { formatDateTime } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { acceptInvite, acceptInviteThrough, lookAtInvitation } from '../../lib/plain-api.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Button } from '../../ui/button.tsx';
import { NameField, NewPasswordField, useEntryForm } from './entry-form.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { FormFailure } from './form-failure.tsx';
import { formText } from './form-text.ts';
import { OneTimeLink } from './one-time-link.tsx';
import { useProviders } from './providers.tsx';
import { useEntrySession } from './use-entry-session.ts';
import { useSubmit } from './use-submit.ts';

/** Who invites, to what, and the way in. */
export function InvitePage() {
  return (
    <OneTimeLink title="Invitation" incomplete="Open the link of your invitation." look={lookAtInvitation}>
      {(invitation, token) => <Invitation invitation={invitation} token={token} />}
    </OneTimeLink>
  );
}

function roleWords({ title, role, platform, platformName }: InvitationView): string {
  if (role === '') return '';
  return ` as ${title} on ${platform === '*' ? 'all platforms' : (platformName ?? platform)}`;
}

function Invitation({ invitation, token }: { invitation: InvitationView; token: string }) {
  const now = useNow(60_000);
  const { zone } = useTimeZone();
  const session = useEntrySession();
  const { permissions } = invitation;
  return (
    <EntryFrame title="Invitation" call={`${invitation.invitedBy} invites you${roleWords(invitation)}.`}>
      <p className="mb-4 text-ink-2">
        For <span className="mono wrap-anywhere">{invitation.email}</span>, until{' '}
        {formatDateTime(invitation.expiresAt, zone, now)}.
      </p>
      {session?.user != null && (
        <p className="mb-4 font-medium">
          You are signed in as {session.user.name} here. Accepting signs that session out.
        </p>
      )}
      <AcceptForm invitation={invitation} token={token} />
      {permissions.length > 0 && (
        <details className="mt-6 border-t border-line pt-3 text-small text-ink-2">
          <summary className="cursor-pointer py-1 font-medium text-ink">What you will be able to do</summary>
          <ul className="mt-1 list-disc pl-5">
            {permissions.map(({ permission, sentence }) => (
              <li key={permission}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </EntryFrame>
  );
}

const fields = ['name', 'password'] as const;

function AcceptForm({ invitation, token }: { invitation: InvitationView; token: string }) {
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const providers = useProviders();
  const { submit, pending, failure } = useSubmit(acceptInvite, () => void navigate(paths.overview, { replace: true }));
  const { onSubmit, errorOf, unnamed } = useEntryForm(fields, failure, (input) => submit({ token, ...input }));
  return (
    <form ref={form} className="grid gap-4" onSubmit={onSubmit} noValidate>
      <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
      <NameField error={errorOf('name')} initial={invitation.name} />
      <NewPasswordField error={errorOf('password')} />
      {unnamed !== null && <FormFailure failure={unnamed} />}
      <Button type="submit" variant="primary" pending={pending}>
        {pending ? 'Accepting…' : 'Accept invitation'}
      </Button>
      {providers.map((provider) => (
        <ThroughProvider
          key={provider.id}
          provider={provider}
          token={token}
          nameOf={() => (form.current === null ? '' : formText(new FormData(form.current), 'name').trim())}
        />
      ))}
    </form>
  );
}

interface ThroughProviderProps {
  provider: SignInProvider;
  token: string;
  nameOf(): string;
}

/** Accepts with an identity of a provider instead of a password. */
function ThroughProvider({ provider, token, nameOf }: ThroughProviderProps) {
  const { submit, pending, failure } = useSubmit(acceptInviteThrough, ({ url }) => window.location.assign(url));
  return (
    <>
      {failure !== null && <FormFailure failure={failure} />}
      <Button pending={pending} onClick={() => submit({ token, name: nameOf(), provider: provider.id })}>
        Accept with {provider.name}, without a password
      </Button>
    </>
  );
}
