import type { Explanation } from '@qd/shared/roles';
import { Link } from 'react-router';
import { formatClock } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTo } from '../../../lib/url-state.ts';
import { linkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { GrantList } from './grant-list.tsx';

/** The grants that give it; or the roles that would, and who could give them. */
export function Answer({ explanation, readAt }: { explanation: Explanation; readAt: number }) {
  const { zone } = useTimeZone();
  const { allowed, sentence, permission, paths: grants } = explanation;
  return (
    <section aria-label="Answer" className="mb-7">
      <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <StatusWord tone={allowed ? 'ok' : 'none'}>{allowed ? 'Allowed' : 'Not allowed'}</StatusWord>
        <span>{sentence}</span>
        <span className="mono text-small text-ink-3">{permission}</span>
        <span className="text-small text-ink-3">
          As of {formatClock(readAt, zone, { seconds: true, withZone: true })}
        </span>
      </p>
      {grants.length > 0 && (
        <>
          <SectionHead title={grants.length === 1 ? 'By this grant' : `By ${grants.length} grants, widest first`} />
          <GrantList grants={grants} />
        </>
      )}
      {grants.length === 0 && <WhoCould explanation={explanation} />}
    </section>
  );
}

function WhoCould({ explanation: { rolesThatGive, couldBeGivenBy } }: { explanation: Explanation }) {
  const to = useTo();
  return (
    <>
      <SectionHead title="Roles that would give it" />
      {rolesThatGive.length === 0 && <p className="text-ink-3">No role gives it.</p>}
      <ul className="mb-5 flex flex-wrap gap-x-4 gap-y-1 border-t border-ink pt-2">
        {rolesThatGive.map(({ id, title }) => (
          <li key={id}>
            <Link to={to(paths.roles, { role: id })} className={linkClass}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
      <SectionHead title="Who could give it now" />
      {couldBeGivenBy.length === 0 && <p className="text-ink-3">Nobody holds enough to give it there.</p>}
      <ul className="border-t border-ink">
        {couldBeGivenBy.map(({ id, name, email }) => (
          <li key={id} className="flex flex-wrap gap-x-3 border-b border-line py-1.5">
            <Link to={to(paths.user(id))} className={linkClass}>
              {name ?? email}
            </Link>
            <span className="text-small text-ink-3 wrap-anywhere">{email}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
