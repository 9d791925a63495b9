import { causeKey, type SpendItem } from '@qd/shared/slo';
import { formatPercent } from '../../../../lib/format.ts';
import { budgetPart } from '../../budget-words.ts';
import { spanWords } from '../../span-words.ts';
import { MarkBadge } from '../mark-badge.tsx';
import { CauseLink } from './cause-link.tsx';
import type { CauseView } from './cause-view.ts';
import { costWords, wouldHaveCost } from './cost-words.ts';
import { Fact, type FactsProps } from './mark-facts.tsx';
import { WayLink } from './way-link.tsx';
import { excludeStretch } from './ways-on.ts';

/** What nothing accounts for, and when most of it was spent. */
export function BackgroundFacts({
  view,
  slo,
  mayExclude,
  zone,
}: FactsProps & { view: CauseView & { kind: 'background' } }) {
  const { budgetMs } = slo.budget;
  return (
    <>
      <p className="text-ink-2">
        {slo.unit === 'minutes' ? 'Bad minutes' : 'Failures'} that lie in no incident, and not within the time a deploy
        took to settle. Where they come in bursts, an incident that nobody declared may be behind them.
      </p>
      <dl className="mt-3 grid grid-cols-[80px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name="Cost">{costWords(view.item, budgetMs, slo.unit)}</Fact>
      </dl>
      <h3 className="mt-5 mb-1 font-semibold">Worst stretches</h3>
      {view.worst.length === 0 ? (
        <p className="text-ink-2">
          Not known: the plot shows a window in which the line does not fall by what is spent.
        </p>
      ) : (
        <ol className="border-t border-ink">
          {view.worst.map((stretch) => (
            <li key={stretch.startAt} className="border-b border-line py-2">
              <p>{spanWords(stretch, zone, slo.asOf)}</p>
              <p className="text-ink-2">
                {budgetPart(stretch.budgetRatio * budgetMs, budgetMs)}, {formatPercent(stretch.budgetRatio)}{' '}
                {mayExclude && (
                  <WayLink
                    way={excludeStretch(slo.id, stretch)}
                    label={`Exclude this time, ${spanWords(stretch, zone, slo.asOf)}`}
                  />
                )}
              </p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** The causes that share a line, one by one. */
export function SmallerFacts({ items, slo }: FactsProps & { items: readonly SpendItem[] }) {
  const { budgetMs } = slo.budget;
  return (
    <ul className="border-t border-ink">
      {items.map((item, i) => (
        <li
          key={item.mark === null ? `${item.label}-${i}` : causeKey(item.mark)}
          className="relative grid grid-cols-[28px_minmax(0,1fr)] items-baseline gap-x-2 border-b border-line py-2"
        >
          <MarkBadge mark={item.mark} />
          <div>
            {item.mark === null && item.excluded !== null ? (
              item.label
            ) : (
              <CauseLink to={item.mark === null ? 'background' : causeKey(item.mark)}>{item.label}</CauseLink>
            )}
            <p className="text-ink-2">
              {item.excluded === null
                ? costWords(item, budgetMs, slo.unit)
                : `${item.detail}; ${wouldHaveCost(item.excluded, budgetMs)}`}
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** For an address that is older than the window. */
export function GoneFacts() {
  return (
    <p className="text-ink-2">
      What this address names is not in the window any more, was withdrawn, or is not yours to see. Everything that
      spent this budget is listed under “What spent it”.
    </p>
  );
}
