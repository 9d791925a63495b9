import type { ClaimView, DrawnKey } from '@qd/shared/api-keys';
import { useState } from 'react';
import { SecretOnce } from '../../features/api-keys/secret/secret-once.tsx';
import { useNow } from '../../lib/clock.ts';
import { formatDateTime } from '../../lib/format.ts';
import { drawKey, lookAtClaim } from '../../lib/plain-api.ts';
import { utc } from '../../lib/zone.ts';
import { Button } from '../../ui/button.tsx';
import { EntryFrame } from '../sign-in/entry-frame.tsx';
import { FormFailure } from '../sign-in/form-failure.tsx';
import { OneTimeLink } from '../sign-in/one-time-link.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';

/** Where somebody draws a key that was made for them. The link works once, and nobody else ever sees the key. */
export function ClaimPage() {
  return (
    <OneTimeLink title="Your key" incomplete="Open the link you were sent." look={lookAtClaim}>
      {(claim, token) => <Claim claim={claim} token={token} />}
    </OneTimeLink>
  );
}

type Step = { kind: 'look' } | { kind: 'shown'; key: DrawnKey } | { kind: 'hidden' } | { kind: 'done' };

function Claim({ claim, token }: { claim: ClaimView; token: string }) {
  // The key stands here and nowhere else: not in a cache, not in storage, not in the address.
  const [step, setStep] = useState<Step>({ kind: 'look' });
  const { submit, pending, failure } = useSubmit(drawKey, (key) => setStep({ kind: 'shown', key }));
  if (step.kind === 'done') {
    return (
      <EntryFrame title="Your key" call="The key is yours.">
        <p className="text-ink-2">The link is spent. You can close this page.</p>
      </EntryFrame>
    );
  }
  if (step.kind === 'look') {
    return (
      <EntryFrame title="Your key" call={`${claim.createdBy} made a key for you, ${claim.recipientName}.`}>
        <Facts claim={claim} />
        <p className="mt-4 mb-4 text-ink-2">
          The key comes to be when you press the button, and is shown this once, for 2 min. Open the place where you
          will store it first.
        </p>
        {failure !== null && <FormFailure failure={failure} />}
        <Button variant="primary" className="mt-2" pending={pending} onClick={() => submit(token)}>
          Show my key
        </Button>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="Your key" call="Copy the secret now.">
      <p className="mb-3 text-ink-2">It is shown once. Quarterdeck keeps only a hash, so nobody can show it again.</p>
      <SecretOnce
        text={step.kind === 'shown' ? step.key.text : null}
        platform={claim.platform}
        expiresAt={claim.keyExpiresAt}
        overlapDays={claim.overlapDays}
        remedy={`If you did not store it, ask ${claim.createdBy} for a new key.`}
        onHide={() => setStep({ kind: 'hidden' })}
        onDone={() => setStep({ kind: 'done' })}
      />
    </EntryFrame>
  );
}

function Facts({ claim }: { claim: ClaimView }) {
  const now = useNow(60_000);
  const { keyName, platformName, environment, keyExpiresAt, expiresAt, scopes } = claim;
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        <dt className="text-ink-3">Key</dt>
        <dd className="font-strong wrap-anywhere">{keyName}</dd>
        <dt className="text-ink-3">For</dt>
        <dd>
          {platformName}, {environment}
        </dd>
        {keyExpiresAt !== null && (
          <>
            <dt className="text-ink-3">Ends</dt>
            <dd>{formatDateTime(keyExpiresAt, utc, now)}</dd>
          </>
        )}
        <dt className="text-ink-3">Link works</dt>
        <dd>once, until {formatDateTime(expiresAt, utc, now)}</dd>
      </dl>
      <p className="mt-4 font-semibold">With it you may</p>
      <ul aria-label="What the key may do" tabIndex={0} className="max-h-48 overflow-y-auto">
        {scopes.map(({ scope, description }) => (
          <li key={scope} className="py-0.5">
            <span className="mono text-small">{scope}</span>{' '}
            <span className="text-small text-ink-3">{description}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
