import type { NewKey } from '@qd/shared/api-keys';
import { serverNow } from '../../../lib/clock.ts';
import { LinkOnce } from '../../../lib/link-once.tsx';
import { Button } from '../../../ui/button.tsx';
import { SecretOnce } from '../secret/secret-once.tsx';
import { KeyTaken } from './key-taken.tsx';

export interface KeyMadeProps {
  /** `text` is empty once the secret was hidden. */
  made: NewKey;
  overlapDays: number;
  onHide(): void;
  onDone(): void;
}

/** The second step: the secret, once, or the link by which somebody else draws it. */
export function KeyMade({ made, overlapDays, onHide, onDone }: KeyMadeProps) {
  if (made.text === null && made.claim === null) return <KeyTaken made={made} onDone={onDone} />;
  if (made.claim !== null) {
    return (
      <>
        <p className="text-ink-2">
          {made.claim.recipientName} draws the key {made.name}; until then it has no secret, and nobody here ever sees
          it.
        </p>
        <LinkOnce link={made.claim} email={made.claim.recipientEmail} now={serverNow()} />
        <div className="mt-3 flex justify-end">
          <Button variant="primary" onClick={onDone}>
            Done
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p className="mb-3 text-ink-2">It is shown once. Quarterdeck keeps only a hash, so nobody can show it again.</p>
      <SecretOnce
        text={made.text === null || made.text === '' ? null : made.text}
        platform={made.platform}
        expiresAt={made.expiresAt}
        overlapDays={overlapDays}
        onHide={onHide}
        onDone={onDone}
      />
    </>
  );
}
