import type { NewLink } from '@qd/shared/users';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { formatDateTime } from './format.ts';
import { useTimeZone } from './time-zone.ts';

/** A link on a screen nobody looks at is a link for whoever passes by. */
const HIDES_AFTER_MS = 120_000;

export interface LinkOnceProps {
  link: Pick<NewLink, 'path' | 'expiresAt'>;
  /** Whom it is for. */
  email: string;
  now: number;
}

/** A link just made: shown this once, or on its way by mail. */
export function LinkOnce({ link, email, now }: LinkOnceProps) {
  const { zone } = useTimeZone();
  const [isHidden, setIsHidden] = useState(false);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    setIsHidden(false);
    setCopied(false);
    const timer = setTimeout(() => setIsHidden(true), HIDES_AFTER_MS);
    return () => clearTimeout(timer);
  }, [link]);
  const until = `It works once, until ${formatDateTime(link.expiresAt, zone, now)}.`;
  if (link.path === null) {
    return (
      <p role="status" className="mt-2 bg-sunken px-2.5 py-2">
        <b>The link was mailed to {email}.</b> {until}
      </p>
    );
  }
  const address = new URL(link.path, window.location.origin).href;
  if (isHidden) {
    return (
      <p role="status" className="mt-2 bg-sunken px-2.5 py-2">
        The link was hidden after 2 min. Make a new one if it was not handed on.
      </p>
    );
  }
  return (
    <div role="status" className="mt-2 bg-sunken px-2.5 py-2">
      <p>
        <b>No mail was sent. Hand this link to {email} yourself.</b> It is shown this once. {until}
      </p>
      <p className="mono mt-1 text-small wrap-anywhere select-all">{address}</p>
      <Button
        size="s"
        icon="copy"
        className="mt-2"
        onClick={() => void navigator.clipboard?.writeText(address).then(() => setCopied(true))}
      >
        {copied ? 'Copied' : 'Copy link'}
      </Button>
    </div>
  );
}
