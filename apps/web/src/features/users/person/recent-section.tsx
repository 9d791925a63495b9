import type { PersonView } from '@qd/shared/users';
import { Link } from 'react-router';
import { formatClock, formatDateTime, formatDay } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { PanelSection } from './panel-section.tsx';

/** `users.signed_in` read aloud: `Users: signed in`. */
function actWords(action: string): string {
  const [feature = action, ...verb] = action.split('.');
  return `${feature.charAt(0).toUpperCase()}${feature.slice(1)}: ${verb.join(' ').replaceAll('_', ' ')}`;
}

/** What the person did last, and the way to all of it. */
export function RecentSection({ person, now }: { person: PersonView; now: number }) {
  const { zone } = useTimeZone();
  const to = useTo();
  const can = useCan();
  const today = formatDay(now, zone, now);
  return (
    <PanelSection title="Recent">
      {person.recent.length === 0 && <p className="text-ink-3">Nothing yet that you may see.</p>}
      <ul>
        {person.recent.map((act) => (
          <li key={act.seq} className="grid grid-cols-[52px_minmax(0,1fr)_auto] items-center gap-2 py-0.5">
            <time
              dateTime={new Date(act.at).toISOString()}
              title={formatDateTime(act.at, zone, now)}
              className="mono text-small"
            >
              {formatDay(act.at, zone, now) === today ? formatClock(act.at, zone) : formatDay(act.at, zone, now)}
            </time>
            <span className="wrap-anywhere">{actWords(act.action)}</span>
            {act.status !== 'success' && <Glyph name="warn" title={act.status === 'denied' ? 'Denied' : 'Failed'} />}
          </li>
        ))}
      </ul>
      {can('audit:read') && (
        <Link to={to(paths.audit, { actor: person.email })} className={`${linkClass} mt-1 inline-block`}>
          All in the audit log
        </Link>
      )}
    </PanelSection>
  );
}
