import { Link } from 'react-router';
import { formatClock, formatDay } from '../../lib/format.ts';
import { useTo } from '../../lib/url-state.ts';
import type { Zone } from '../../lib/zone.ts';
import { cx } from '../../ui/class-names.ts';
import { SectionHead } from '../../ui/section-head.tsx';
import type { ClockEntry } from './clock-list.ts';

/** What is known to happen next, with its time. Not there when nothing is known. */
export function NextList({ entries, now, zone }: { entries: readonly ClockEntry[]; now: number; zone: Zone }) {
  const to = useTo();
  if (entries.length === 0) return null;
  const today = formatDay(now, zone, now);
  return (
    <section aria-labelledby="next-on-clock" className="desk:col-span-5 fold:col-span-12">
      <SectionHead id="next-on-clock" title="Next on the clock" note={zone.label} />
      <ol className="border-t border-ink">
        {entries.map((entry) => {
          const day = formatDay(entry.at, zone, now);
          return (
            <li
              key={entry.key}
              className="grid grid-cols-[52px_auto_minmax(0,1fr)] items-baseline gap-3 border-b border-line py-2 phone:grid-cols-[52px_minmax(0,1fr)] phone:gap-y-0"
            >
              <time
                dateTime={new Date(entry.at).toISOString()}
                title={`${day}, ${formatClock(entry.at, zone, { withZone: true })}`}
                className={cx('mono whitespace-nowrap', entry.tone === 'crit' ? 'text-crit' : 'text-ink-2')}
              >
                {day === today ? formatClock(entry.at, zone) : day}
              </time>
              <Link
                to={to(entry.href)}
                className={cx('font-semibold hover:underline', entry.tone === 'crit' && 'text-crit')}
              >
                {entry.title}
              </Link>
              <span className="min-w-0 text-ink-2 phone:col-start-2">{entry.detail}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
