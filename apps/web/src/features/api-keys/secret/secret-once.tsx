import { SECOND_MS } from '@qd/shared/time';
import { useEffect, useEffectEvent, useState, type ReactNode } from 'react';
import { serverNow, useNow } from '../../../lib/clock.ts';
import { formatDuration } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { LifeBar } from './life-bar.tsx';

/** A secret on a screen nobody looks at is a secret for whoever passes by. */
export const HIDES_AFTER_MS = 120 * SECOND_MS;

export interface SecretOnceProps {
  /** The whole key; null once it was hidden. The parent holds it in its own state alone, and drops it in `onHide`. */
  text: string | null;
  /** Id of the platform the key is for; `*` for all. */
  platform: string;
  expiresAt: number | null;
  overlapDays: number;
  isSuccessor?: boolean;
  onHide(): void;
  /** The reader says that it is stored, or gave it up after it was hidden. */
  onDone(): void;
  /** What to do when it was hidden before anybody stored it. */
  remedy?: string;
}

/** A key just made, this once: to copy, for two minutes. `C` copies, Enter is done once it is stored. */
export function SecretOnce(props: SecretOnceProps) {
  const { text, platform, expiresAt, overlapDays, isSuccessor = false, onHide, onDone } = props;
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const [isStored, setStored] = useState(false);
  const [shownAt] = useState(serverNow);
  const hide = useEffectEvent(onHide);
  useEffect(() => {
    const timer = setTimeout(() => hide(), HIDES_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const copy = (): void => {
    if (text === null) return;
    // Absent where the page does not come over a secure connection.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setCopied('yes'),
      () => setCopied('no'),
    );
  };
  const mayLeave = isStored || text === null;
  useSecretKeys({ copy, done: () => mayLeave && onDone() });
  if (text === null) {
    return (
      <div>
        <p role="status" className="bg-sunken px-2.5 py-2">
          The secret was hidden after 2 min and cannot be shown again.{' '}
          {props.remedy ?? 'If it was not stored, rotate the key for a new one.'}
        </p>
        <Foot onDone={onDone} />
      </div>
    );
  }
  return (
    <div>
      <SecretBox text={text} copied={copied} onCopy={copy} />
      <p className="mt-2 flex flex-wrap gap-x-3.5 gap-y-1 text-small text-ink-2">
        <Countdown untilMs={shownAt + HIDES_AFTER_MS} />
        <Fact icon="lock">Not in logs or the audit trail</Fact>
      </p>
      {expiresAt !== null && (
        <LifeBar now={shownAt} expiresAt={expiresAt} overlapDays={overlapDays} isSuccessor={isSuccessor} />
      )}
      <pre
        tabIndex={0}
        aria-label="How the key is sent"
        className="mono mt-3 overflow-x-auto rounded-2 bg-sunken px-3 py-2.5 text-[12px] leading-[18px]"
      >
        {exampleOf(text, platform)}
      </pre>
      <Checkbox
        className="mt-3"
        label="I have stored it in a secret manager"
        checked={isStored}
        onChange={(event) => setStored(event.target.checked)}
      />
      <Foot onDone={onDone} why={isStored ? undefined : 'Store the secret first: it is shown this once'} />
    </div>
  );
}

function SecretBox({ text, copied, onCopy }: { text: string; copied: 'yes' | 'no' | null; onCopy(): void }) {
  const at = text.indexOf('_key_');
  const begin = at < 0 ? '' : text.slice(0, at + '_key_'.length);
  return (
    <>
      <div className="flex items-center gap-2.5 rounded-2 border-2 border-overprint-line bg-overprint-tint py-2.5 pr-2.5 pl-3 phone:flex-wrap">
        <code
          data-testid="secret"
          className="mono min-w-0 flex-1 text-[14px] wrap-anywhere select-all phone:basis-full"
        >
          {begin}
          <b>{text.slice(begin.length)}</b>
        </code>
        <Button
          variant="primary"
          size="s"
          icon="copy"
          kbd="C"
          className="phone:w-full phone:justify-center"
          onClick={onCopy}
        >
          {copied === 'yes' ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p role="status" className="mt-1 text-small text-ink-3 empty:hidden">
        {copied === 'yes' && 'Copied. Paste it where it belongs, then clear the clipboard.'}
        {copied === 'no' && 'The browser did not let it be copied. Select the text and copy it by hand.'}
      </p>
    </>
  );
}

function Countdown({ untilMs }: { untilMs: number }) {
  const leftMs = Math.max(0, untilMs - useNow());
  // Said as a text that changes each second, and so announced by nobody.
  return <Fact icon="clock">Hides in {formatDuration(Math.max(SECOND_MS, leftMs))}</Fact>;
}

function Fact({ icon, children }: { icon: 'clock' | 'lock'; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon name={icon} size={14} />
      <span>{children}</span>
    </span>
  );
}

function Foot({ onDone, why }: { onDone(): void; why?: string | undefined }) {
  return (
    <div className="mt-3 flex justify-end">
      <Button variant="primary" kbd="↵" disabledReason={why} onClick={onDone}>
        Done
      </Button>
    </div>
  );
}

/** How the key is sent, with the variable it may stand in. */
function exampleOf(text: string, platform: string): string {
  const variable = `${(text.split('_')[0] ?? 'api').toUpperCase()}_KEY`;
  const host = platform === '*' ? 'api.example.com' : `api.${platform}.example`;
  return `curl -H "Authorization: Bearer $${variable}" \\\n     https://${host}/`;
}

function useSecretKeys(acts: { copy(): void; done(): void }): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    const isOnButton = event.target instanceof Element && event.target.closest('button, a') !== null;
    if (event.key.toLowerCase() === 'c') acts.copy();
    if (event.key === 'Enter' && !isOnButton) acts.done();
  });
  useEffect(() => {
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
