import { envLines, type RotationPreview } from '@qd/shared/api-keys';
import { useNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { SecretOnce } from '../secret/secret-once.tsx';
import { EnvLinesNote } from './env-lines-note.tsx';
import type { Started } from './use-rotation.ts';

export interface StartedRotationProps {
  started: Started;
  /** The new key while it is shown. */
  text: string | null;
  preview: RotationPreview;
  overlapDays: number;
  onHide(): void;
  onDone(): void;
}

/** The new key, this once, or where its link went; and the lines for platforms that read keys from a file. */
export function StartedRotation({ started, text, preview, overlapDays, onHide, onDone }: StartedRotationProps) {
  const { zone } = useTimeZone();
  const nowMs = useNow(60_000);
  const { claim, endsAt, newExpiresAt } = started;
  const end = endsAt <= nowMs ? 'The old key has ended.' : `The old key ends ${formatDateTime(endsAt, zone, nowMs)}.`;
  if (claim !== null) {
    return (
      <div className="grid gap-3">
        <p>
          {claim.path === null
            ? `A link was sent to ${claim.recipientEmail}.`
            : `Pass this link on to ${claim.recipientName}; it is shown this once.`}{' '}
          It shows the key once, until {formatDateTime(claim.expiresAt, zone, nowMs)}.
        </p>
        {claim.path !== null && (
          <code className="mono block rounded-2 bg-sunken px-3 py-2.5 wrap-anywhere select-all">
            {`${window.location.origin}${claim.path}`}
          </code>
        )}
        <p className="text-ink-2">{end}</p>
        <Button variant="primary" className="justify-self-end" onClick={onDone}>
          Done
        </Button>
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <p className="text-ink-2">{end}</p>
      <SecretOnce
        text={text}
        platform={preview.platform}
        expiresAt={newExpiresAt}
        overlapDays={overlapDays}
        isSuccessor
        onHide={onHide}
        onDone={onDone}
        remedy="If it was not stored, call the rotation off and start another one."
      />
      {text !== null && <EnvLinesNote lines={envLines({ oldKey: 'OLD-KEY', newKey: text })} isShort />}
    </div>
  );
}
