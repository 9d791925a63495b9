import type { NewKey } from '@qd/shared/api-keys';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { linkClass } from '../../../ui/link.tsx';

/** What was kept of a key made elsewhere, and until when it works. */
export function KeyTaken({ made, onDone }: { made: NewKey; onDone(): void }) {
  const to = useTo();
  const { zone } = useTimeZone();
  return (
    <>
      <p role="status">
        <b>{made.name} works from now on.</b> Only a keyed hash of it was stored: nobody can read or show the key here,
        and what you pasted is gone from this page.
      </p>
      <p className="mt-2 text-ink-2">
        Its id is <span className="mono">{made.id}</span>. It ends on{' '}
        {formatDateTime(made.expiresAt, zone, serverNow())}; rotate it before then, for whoever made it may still know
        it.
      </p>
      <div className="mt-3 flex flex-wrap items-center justify-end gap-3">
        <Link to={to(paths.key(made.id))} className={linkClass}>
          Open the key
        </Link>
        <Button variant="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </>
  );
}
