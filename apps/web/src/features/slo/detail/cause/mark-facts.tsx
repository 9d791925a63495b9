import { causeKey, type Mark, type SloDetail } from '@qd/shared/slo';
import type { ReactNode } from 'react';
import { formatClock, formatDateTime, formatDay, formatDuration } from '../../../../lib/format.ts';
import type { Zone } from '../../../../lib/zone.ts';
import { spanWords } from '../../span-words.ts';
import { MarkBadge } from '../mark-badge.tsx';
import { CauseLink } from './cause-link.tsx';
import type { CauseView } from './cause-view.ts';
import { costWords } from './cost-words.ts';
import { WayLink } from './way-link.tsx';
import { excludeWay, waysOn } from './ways-on.ts';

const kinds = { incident: 'Incident', deploy: 'Deploy', exclusion: 'Excluded time', alert: 'Alert' } as const;

export interface FactsProps {
  slo: SloDetail;
  mayExclude: boolean;
  zone: Zone;
}

/** What is known of a mark. */
export function MarkFacts({ view, slo, mayExclude, zone }: FactsProps & { view: CauseView & { kind: 'mark' } }) {
  const { mark, windows, beside } = view;
  const [newest] = windows;
  const exclude = newest === undefined || !mayExclude ? null : excludeWay(mark, newest, slo);
  const ways = [...waysOn(mark, slo, mayExclude), ...(exclude === null ? [] : [exclude])];
  return (
    <>
      <dl className="mt-2 grid grid-cols-[80px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Fact name="Kind">
          <span className="inline-flex items-center gap-2">
            <MarkBadge mark={mark} /> {mark.kind === 'alert' ? `Alert, ${mark.severity ?? 'ticket'}` : kinds[mark.kind]}
          </span>
        </Fact>
        {mark.detail !== '' && <Fact name="What">{mark.detail}</Fact>}
        <Fact name="Platform">{slo.platformName}</Fact>
        {mark.kind === 'exclusion' && windows.length > 1 ? (
          <Fact name="Windows">
            <ul>
              {windows.map((one) => (
                <li key={one.startAt}>{spanWords(one, zone, slo.asOf)}</li>
              ))}
            </ul>
          </Fact>
        ) : (
          <Times mark={mark} zone={zone} nowMs={slo.asOf} />
        )}
        <Cost view={view} slo={slo} />
      </dl>
      {ways.length > 0 && (
        <ul className="mt-4 flex flex-wrap gap-x-4 gap-y-2">
          {ways.map((way) => (
            <li key={way.words}>
              <WayLink way={way} />
            </li>
          ))}
        </ul>
      )}
      {beside.length > 0 && <Beside marks={beside} zone={zone} nowMs={slo.asOf} />}
    </>
  );
}

/** A name and what stands beside it. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Times({ mark, zone, nowMs }: { mark: Mark; zone: Zone; nowMs: number }) {
  const { at, endAt, open } = mark;
  return (
    <>
      <Fact name="Start">{formatDateTime(at, zone, nowMs)}</Fact>
      <Fact name={mark.kind === 'deploy' ? 'Settled' : 'End'}>
        {open && `still open, ${formatDuration(nowMs - at, { parts: 1 })} so far`}
        {!open && (endAt === null || endAt === at) && 'not on record'}
        {!open &&
          endAt !== null &&
          endAt !== at &&
          `${formatDateTime(endAt, zone, nowMs)}, after ${formatDuration(endAt - at)}`}
      </Fact>
    </>
  );
}

function Cost({ view, slo }: { view: CauseView & { kind: 'mark' }; slo: SloDetail }) {
  const { item, mark } = view;
  const { budgetMs } = slo.budget;
  if (item?.excluded != null) {
    return (
      <>
        <Fact name="Raw">{costWords({ ...item, ...item.excluded }, budgetMs, slo.unit)}</Fact>
        <Fact name="Adjusted">0 min: it is left out of the budget</Fact>
      </>
    );
  }
  if (mark.kind === 'alert') return <Fact name="Cost">0 min: an alert only tells</Fact>;
  return (
    <Fact name="Cost">
      {item === null
        ? '0 min: nothing failed in it that no earlier cause accounts for'
        : costWords(item, budgetMs, slo.unit)}
    </Fact>
  );
}

function Beside({ marks, zone, nowMs }: { marks: readonly Mark[]; zone: Zone; nowMs: number }) {
  return (
    <section aria-labelledby="cause-beside" className="mt-5">
      <h3 id="cause-beside" className="mb-1 font-semibold">
        Near it in time
      </h3>
      <ul className="border-t border-ink">
        {marks.map((mark) => (
          <li
            key={causeKey(mark)}
            className="relative grid grid-cols-[28px_minmax(0,1fr)_auto] items-baseline gap-x-2 border-b border-line py-2"
          >
            <MarkBadge mark={mark} />
            <CauseLink to={causeKey(mark)}>
              {mark.kind === 'exclusion' ? `Excluded: ${mark.detail}` : mark.label}
            </CauseLink>
            <span className="text-ink-2">
              {formatDay(mark.at, zone, nowMs)} {formatClock(mark.at, zone)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
