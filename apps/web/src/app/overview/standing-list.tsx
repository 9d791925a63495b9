import type { SloSummary } from '@qd/shared/slo';
import { Link } from 'react-router';
import { formatPercent } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { byUrgency, isStale, sloLook } from '../../lib/slo-words.ts';
import { useStableOrder } from '../../lib/stable-order.ts';
import { useTo } from '../../lib/url-state.ts';
import { rowLinkClass } from '../../ui/link.tsx';
import { SectionHead } from '../../ui/section-head.tsx';
import { StatusWord } from '../../ui/status-word.tsx';

/** Where each promise stands, for readers who have nothing to act on: words and what is left, no alarms to answer. */
export function StandingList({ slos }: { slos: readonly SloSummary[] }) {
  const to = useTo();
  const { rows, hold } = useStableOrder(slos.toSorted(byUrgency), (slo) => slo.id);
  return (
    <section aria-labelledby="standing" className="desk:col-span-7 fold:col-span-12">
      <SectionHead id="standing" title="Where the promises stand" note="what is left of each error budget" />
      <ul className="border-t border-ink" {...hold}>
        {rows.map((slo) => {
          const look = sloLook(slo);
          const left = slo.budget.leftRatio;
          return (
            <li
              key={slo.id}
              className="grid grid-cols-[minmax(0,1fr)_140px_72px] items-center gap-3 border-b border-line py-2.5 pr-2 pl-2.5"
            >
              <span className="min-w-0">
                <Link to={to(paths.slo(slo.id))} className={rowLinkClass}>
                  {slo.name}
                </Link>
                <span className="ml-2 text-ink-3">{slo.platformName}</span>
              </span>
              <StatusWord tone={look.tone}>{look.word}</StatusWord>
              <span className="text-right">{left === null || isStale(slo) ? 'not known' : formatPercent(left)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
