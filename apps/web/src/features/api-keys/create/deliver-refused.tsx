import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';

/** Why the reader can make no link on these platforms, who can, and how to reach them. */
export function NoLink({ platformNames, isDemo }: { platformNames: readonly string[]; isDemo: boolean }) {
  const [copied, setCopied] = useState(false);
  const where = new Intl.ListFormat('en').format(platformNames);
  return (
    <div role="status" className="border-l-3 border-warn-fill bg-sunken px-2.5 py-2">
      <p className="font-semibold">
        {isDemo ? 'Nothing is mailed to people of the demo' : 'No mail server is set up'}, so no link can go out from
        you.
      </p>
      <p className="mt-1">
        Without mail the link of a person’s own key is shown only to people who may create keys on {where}: owners and
        admins. Send one of them the address of this page, and they make the link.
        {!isDemo && (
          <>
            {' '}
            Or have <span className="mono">SMTP_URL</span> and <span className="mono">SMTP_FROM</span> set on the
            server.
          </>
        )}
      </p>
      <Button
        size="s"
        icon="copy"
        className="mt-2"
        onClick={() => void navigator.clipboard?.writeText(window.location.href).then(() => setCopied(true))}
      >
        {copied ? 'Copied' : 'Copy address of this page'}
      </Button>
    </div>
  );
}
