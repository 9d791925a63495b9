import type { AcknowledgementView } from '@qd/shared/api-keys';
import { useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { formatDateTime } from '../../lib/format.ts';
import { confirmKeyNotice, lookAtKeyNotice } from '../../lib/plain-api.ts';
import { utc } from '../../lib/zone.ts';
import { Button } from '../../ui/button.tsx';
import { EntryFrame } from '../sign-in/entry-frame.tsx';
import { FormFailure } from '../sign-in/form-failure.tsx';
import { OneTimeLink } from '../sign-in/one-time-link.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';

/** Where whoever uses a key says that they know of its end. Works without an account. */
export function AcknowledgePage() {
  return (
    <OneTimeLink title="API key" incomplete="Open the link you were sent." look={lookAtKeyNotice}>
      {(notice, token) => <Notice notice={notice} token={token} />}
    </OneTimeLink>
  );
}

function Notice({ notice, token }: { notice: AcknowledgementView; token: string }) {
  const [known, setKnown] = useState(notice);
  const nowMs = useNow(60_000);
  const { submit, pending, failure } = useSubmit(confirmKeyNotice, setKnown);
  const { keyName, shown, platformName, environment, consumer, endsAt, acknowledgedAt, isRotated } = known;
  const verb = endsAt <= nowMs ? 'ended' : 'ends';
  const when = formatDateTime(endsAt, utc, nowMs);
  return (
    <EntryFrame title="API key" call={`The API key ${keyName} ${verb} ${when}.`}>
      <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        <dt className="text-ink-3">Key</dt>
        <dd className="mono wrap-anywhere">{shown}</dd>
        <dt className="text-ink-3">For</dt>
        <dd>
          {platformName}, {environment}
        </dd>
        <dt className="text-ink-3">Used by</dt>
        <dd>{consumer}</dd>
      </dl>
      <p className="mb-4 text-ink-2">
        {isRotated
          ? 'It has a successor. Move to that before the old key ends; ask whoever runs the platform if you do not have it yet.'
          : 'No successor has been made yet. Ask whoever runs the platform for one.'}
      </p>
      {failure !== null && <FormFailure failure={failure} />}
      {acknowledgedAt === null ? (
        <Button variant="primary" className="mt-2" pending={pending} onClick={() => submit(token)}>
          I know, and will move
        </Button>
      ) : (
        <p role="status">
          Thank you. Whoever runs the platform sees that you know, since {formatDateTime(acknowledgedAt, utc, nowMs)}.
        </p>
      )}
    </EntryFrame>
  );
}
