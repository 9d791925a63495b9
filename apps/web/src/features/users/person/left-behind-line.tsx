import type { LeftBehind } from '@qd/shared/users';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { formatClock, formatDateTime, formatDay, formatDuration } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import type { Zone } from '../../../lib/zone.ts';
import { linkClass } from '../../../ui/link.tsx';

/** Excluded time or an override that stays under the name of who leaves: what it is, when, and where it is changed. */
export function LeftBehindLine({ left, platformName }: { left: LeftBehind; platformName: string }) {
  const to = useTo();
  const { zone } = useTimeZone();
  const place = `${platformName}, ${left.slo?.name ?? 'all objectives'}`;
  const href =
    left.kind === 'exclusion'
      ? to(paths.sloExclusions, { platform: left.platform, row: left.id })
      : to(paths.slo(left.slo.id));
  return (
    <>
      {/* Beside the console, so that what was chosen here is kept. */}
      <Link to={href} target="_blank" className={linkClass}>
        {left.kind === 'exclusion' ? 'Excluded time' : 'Releases may pass'}: {place}
        <span className="sr-only"> (opens another tab)</span>
      </Link>
      <span className="block text-small text-ink-3">
        {whenWords(left, zone, serverNow())}. {left.reason}
      </span>
    </>
  );
}

function whenWords(left: LeftBehind, zone: Zone, now: number): string {
  if (left.kind === 'override') return `Until ${formatDateTime(left.until, zone, now)}`;
  const { startsAt, endsAt, recurs } = left;
  if (recurs) {
    return `${formatDuration(endsAt - startsAt)} again and again, first ${formatDateTime(startsAt, zone, now)}`;
  }
  const isOneDay = formatDay(startsAt, zone, now) === formatDay(endsAt, zone, now);
  const end = isOneDay ? formatClock(endsAt, zone, { withZone: true }) : formatDateTime(endsAt, zone, now);
  return `${formatDateTime(startsAt, zone, now)} to ${end}`;
}
