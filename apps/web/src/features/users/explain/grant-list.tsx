import type { GrantPath } from '@qd/shared/roles';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime, formatDay } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import { rowLinkClass } from '../../../ui/link.tsx';
import { usePlatformNames } from '../use-platform-names.ts';

/** Grants with the role, where, who gave it, why, and until when. */
export function GrantList({ grants }: { grants: readonly GrantPath[] }) {
  const to = useTo();
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const now = serverNow();
  return (
    <ul className="border-t border-ink">
      {grants.map((grant) => (
        <li key={grant.grantId} className="border-b border-line py-2">
          <p>
            <Link to={to(paths.roles, { role: grant.role })} className={rowLinkClass}>
              {grant.title}
            </Link>{' '}
            on {nameOf(grant.platform)}
            {grant.expiresAt !== null && <>, until {formatDateTime(grant.expiresAt, zone, now)}</>}
          </p>
          <p className="text-small text-ink-3 wrap-anywhere">
            Given by {grant.grantedBy?.name ?? 'the console'}, {formatDay(grant.grantedAt, zone, now)}
            {grant.reason !== '' && <>: {grant.reason}</>}
          </p>
        </li>
      ))}
    </ul>
  );
}
