import type { SloDetail } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import { Link } from 'react-router';
import { formatCount, formatDecimal, formatDuration, formatLevel, formatPercent } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { windowLength } from '../budget-words.ts';
import { badOf, countOf } from '../unit-words.ts';
import { windowName } from '../window-words.ts';
import { allowedPercent } from './allowed.ts';
import { boundsWords, queryLines, ruleWords, sourceWords } from './measured-words.ts';

/** How the percentage came about, with every number that went into it. */
export function HowComputed({ slo, zone, nowMs }: { slo: SloDetail; zone: Zone; nowMs: number }) {
  const to = useTo();
  return (
    <Popover
      title="How this is computed"
      align="end"
      className="max-h-[80vh] overflow-auto"
      trigger={(props) => (
        <Button {...props} size="s" variant="ghost" icon="help">
          How computed
        </Button>
      )}
    >
      <Division slo={slo} />
      <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-small">
        {[...budgetFacts(slo, zone, nowMs), ...queryFacts(slo)].map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className={name.startsWith('Query') ? 'mono break-all text-ink' : 'text-ink'}>{value}</dd>
          </div>
        ))}
        <dt className="text-ink-3">Definition</dt>
        <dd className="text-ink">
          <Link to={to(paths.sloRevisions(slo.id))} className={linkClass}>
            Revision {slo.revision}
          </Link>
        </dd>
      </dl>
    </Popover>
  );
}

function Division({ slo: { budget, unit, targetPercent } }: { slo: SloDetail }) {
  const allowed = allowedPercent(targetPercent);
  const allowedEvents = formatDecimal((budget.expectedEvents * allowed) / 100, 1);
  return (
    <p className="text-small">
      Allowed to fail: {formatDecimal(allowed, 4)}% of {countOf(budget.expectedEvents, unit)}, which is {allowedEvents}.
      Left: 1 − {formatCount(budget.badEvents)} ÷ {allowedEvents} ={' '}
      <b className="text-ink">{budget.leftRatio === null ? 'not known' : formatPercent(budget.leftRatio)}</b>. Objective{' '}
      {formatLevel(targetPercent)}.
    </p>
  );
}

function budgetFacts(slo: SloDetail, zone: Zone, nowMs: number): [string, string][] {
  const { budget, unit, excluded } = slo;
  // The sentence above has said what an event is; minutes are said again, for they are also a length.
  const count = (of: number) => (unit === 'minutes' ? countOf(of, unit) : formatCount(of));
  const facts: [string, string][] = [
    ['Window', `${windowLength(budget.window.windowMs)}, ${windowName(budget.window, zone, nowMs)}`],
    ['Total', `${count(budget.totalEvents)} so far`],
    ['Expected', `${count(budget.expectedEvents)}${budget.estimated ? ' (estimated)' : ''}`],
    ['Good', formatCount(Math.max(0, budget.totalEvents - budget.badEvents))],
    ['Bad', formatCount(budget.badEvents)],
    ['Coverage', formatPercent(budget.coverageRatio)],
  ];
  const bounds = boundsWords(budget);
  if (bounds !== null) facts.push(['If gaps were bad or good', bounds]);
  if (excluded !== null) {
    const raw = excluded.rawLeftRatio === null ? 'not known' : formatPercent(excluded.rawLeftRatio);
    const took = `${badOf(excluded.badEvents, unit)} of ${formatCount(excluded.totalEvents)}`;
    facts.push([
      'Excluded',
      `${formatDuration(excluded.minutes * MINUTE_MS)} in ${excluded.spans === 1 ? '1 span' : `${formatCount(excluded.spans)} spans`}, ${took}; ${raw} left without`,
    ]);
  }
  return facts;
}

function queryFacts({ source, measurement }: SloDetail): [string, string][] {
  const facts: [string, string][] = [['Source', sourceWords(source, measurement)]];
  for (const line of queryLines(measurement)) facts.push([`Query, ${line.name}`, line.query]);
  const rule = ruleWords(measurement.indicator);
  if (rule !== null) facts.push(['Good when', rule]);
  return facts;
}
