import { causeKey, type Mark } from '@qd/shared/slo';
import { formatClock, formatDay, formatDuration } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { cx } from '../../../ui/class-names.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { CauseLink } from './cause/cause-link.tsx';
import { isCode, MarkBadge } from './mark-badge.tsx';

const MOST = 8;

/** Incidents and deploys of the window, open ones first, whatever they cost. */
export function LinkedMarks({ marks, zone, nowMs }: { marks: readonly Mark[]; zone: Zone; nowMs: number }) {
  const linked = marks.filter((mark) => mark.kind === 'incident' || mark.kind === 'deploy');
  const shown = linked.toSorted((a, b) => Number(b.open) - Number(a.open) || b.at - a.at).slice(0, MOST);
  return (
    <section>
      <SectionHead title="Linked" note={linked.length > MOST ? `newest ${MOST} of ${linked.length}` : undefined} />
      <ul className="border-t border-ink">
        {shown.length === 0 && <li className="py-2.5 text-ink-2">No incident and no deploy in this window.</li>}
        {shown.map((mark) => (
          <li
            key={mark.id}
            className="relative flex items-center gap-2.5 border-b border-line py-[9px] phone:flex-wrap phone:gap-y-0.5"
          >
            <MarkBadge mark={mark} />
            <CauseLink
              to={causeKey(mark)}
              className={cx('font-medium whitespace-nowrap', isCode(mark.label) && 'mono')}
            >
              {mark.label}
            </CauseLink>
            <span className="min-w-0 truncate text-ink-2 phone:order-3 phone:w-full phone:whitespace-normal">
              {mark.detail}
            </span>
            <span className="ml-auto whitespace-nowrap text-ink-2">{whenText(mark, zone, nowMs)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function whenText(mark: Mark, zone: Zone, nowMs: number): string {
  const start = `${formatDay(mark.at, zone, nowMs)} ${formatClock(mark.at, zone)}`;
  if (mark.open) return `${start}, open`;
  return mark.kind === 'incident' && mark.endAt !== null ? `${start}, ${formatDuration(mark.endAt - mark.at)}` : start;
}
