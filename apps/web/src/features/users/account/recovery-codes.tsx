import { useEffect, useRef, useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { downloadText } from '../../../lib/download.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';

export interface RecoveryCodesProps {
  codes: readonly string[];
  email: string;
  /** The person says that the codes are kept: they are never shown again. */
  onKept(): void;
}

function asText(email: string, codes: readonly string[]): string {
  return [
    `Quarterdeck recovery codes of ${email}`,
    'Each works once, in place of a second factor.',
    '',
    ...codes,
    '',
  ].join('\n');
}

/** What the sheet is, for whoever finds it in a drawer: whose, of which console, from when. */
function PaperHead({ email }: { email: string }) {
  const { zone } = useTimeZone();
  const now = serverNow();
  return (
    <div className="hidden print:block">
      <h3 className="text-title font-semibold">Quarterdeck recovery codes</h3>
      <p className="mt-1">
        For {email} at {window.location.origin}, made {formatDateTime(now, zone, now)}. Each works once, in place of a
        second factor. Strike out what is used.
      </p>
    </div>
  );
}

/** New recovery codes, this once: to copy, to save or to print. */
export function RecoveryCodes({ codes, email, onKept }: RecoveryCodesProps) {
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const box = useRef<HTMLElement>(null);
  // They stand where nobody looked a moment ago, and are shown this once.
  useEffect(() => box.current?.focus(), []);
  const copy = (): void => {
    navigator.clipboard.writeText(asText(email, codes)).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    );
  };
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="New recovery codes"
      className="qd-print rounded-1 border border-line-2 bg-surface p-4 print:border-0"
    >
      <h3 className="text-lead font-semibold print:hidden">Keep these recovery codes.</h3>
      <p className="mt-1 max-w-[60ch] text-ink-2 print:hidden">
        Each opens your account once when your other factors are lost. They are shown this one time.
      </p>
      <PaperHead email={email} />
      <ol className="mono mt-3 grid max-w-[480px] grid-cols-2 gap-x-6 gap-y-1 text-body phone:grid-cols-1 print:mt-5 print:grid-cols-1 print:gap-y-3 print:text-lead">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="mt-4 flex flex-wrap items-center gap-2 print:hidden">
        <Button icon="copy" onClick={copy}>
          Copy codes
        </Button>
        <Button
          icon="download"
          onClick={() => downloadText('quarterdeck-recovery-codes.txt', asText(email, codes), 'text/plain')}
        >
          Save as file
        </Button>
        <Button onClick={() => window.print()}>Print</Button>
        <Button variant="primary" className="ml-auto phone:ml-0" onClick={onKept}>
          I have kept them
        </Button>
      </div>
      <p role="status" className="mt-1 text-small text-ink-3 empty:hidden print:hidden">
        {copied === 'yes' && 'Copied.'}
        {copied === 'no' && 'The browser did not let the codes be copied. Select them, or save them as a file.'}
      </p>
    </section>
  );
}
