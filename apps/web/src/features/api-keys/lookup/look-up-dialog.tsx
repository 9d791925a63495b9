import { parseKey } from '@qd/shared/api-keys';
import { MAX_LOOK_UP_LENGTH, type KeyLookUp } from '@qd/shared/api-keys/ending';
import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPCClient } from '../../../lib/trpc.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, PasswordInput } from '../../../ui/field.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { crc32 } from './crc32.ts';
import { lookUpWords } from './look-up-words.ts';

/** Says whether a text was ever a key of this console. The text stays in this dialog and goes nowhere but into the question. */
export function LookUpDialog({ onClose }: { onClose(): void }) {
  const api = useTRPCClient();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<KeyLookUp | null>(null);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const asked = text.trim();
  const parsed = asked === '' ? null : parseKey(asked, crc32);
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (asked === '' || pending) return;
    setPending(true);
    setError(null);
    try {
      setAnswer(await api.apiKeys.ending.lookUp.mutate({ text: asked }));
    } catch (failure) {
      const { message, remedy } = describeError(failure);
      setError(`${message} ${remedy}`);
    } finally {
      setPending(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Was this ever a key of ours?"
      description="The text is compared by its hash. It is neither stored nor logged; that you asked is."
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Close
          </Button>
          <Button variant="primary" type="submit" form="look-up" pending={pending}>
            Look up
          </Button>
        </>
      }
    >
      <form id="look-up" onSubmit={(event) => void ask(event)}>
        <Field label="Key" error={error} hint={parsed !== null && !parsed.ok ? parsed.fault.message : undefined}>
          <PasswordInput
            value={text}
            maxLength={MAX_LOOK_UP_LENGTH}
            autoComplete="off"
            className="mono"
            onChange={(event) => {
              setText(event.target.value);
              setAnswer(null);
            }}
          />
        </Field>
      </form>
      {answer !== null && <Answer answer={answer} />}
    </Dialog>
  );
}

function Answer({ answer }: { answer: KeyLookUp }) {
  const to = useTo();
  const { zone } = useTimeZone();
  const nowMs = useNow(60_000);
  return (
    <p role="status" className="mt-3 border-l-3 border-line-strong bg-sunken px-2.5 py-2">
      {lookUpWords(answer, { zone, nowMs })}{' '}
      {answer.verdict === 'ours' && (
        <Link to={to(paths.key(answer.id))} className={linkClass}>
          Open the key
        </Link>
      )}
    </p>
  );
}
