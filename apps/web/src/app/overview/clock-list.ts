import type { SloSummary } from '@qd/shared/slo';
import { paths } from '../../lib/paths.ts';
import { goneAt, isStale } from '../../lib/slo-words.ts';

/** Something with a known time ahead. */
export interface ClockEntry {
  key: string;
  at: number;
  tone: 'crit' | 'none';
  title: string;
  detail: string;
  href: string;
}

/** A forecast further away than this says more about the arithmetic than about the budget. */
const FORECAST_REACH_MS = 7 * 86_400_000;
const MOST = 7;

function forecasts(slos: readonly SloSummary[], now: number): ClockEntry[] {
  return slos.flatMap((slo) => {
    const at = goneAt(slo);
    if (at === null || isStale(slo) || at < now || at - now > FORECAST_REACH_MS) return [];
    return {
      key: `gone ${slo.id}`,
      at,
      tone: 'crit',
      title: 'Budget gone at this burn',
      detail: `${slo.platformName}, ${slo.name}`,
      href: paths.slo(slo.id),
    } satisfies ClockEntry;
  });
}

const MOST_NAMES = 2;

/** `HashInsight, 2 objectives`; `HashInsight, Web3 Audit and 2 more`. */
function whose(group: readonly SloSummary[]): string {
  const [first] = group;
  const names = [...new Set(group.map((slo) => slo.platformName))];
  if (first === undefined) return '';
  if (names.length === 1)
    return `${first.platformName}, ${group.length === 1 ? first.name : `${group.length} objectives`}`;
  if (names.length <= MOST_NAMES) return names.join(' and ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}

function windowEnds(slos: readonly SloSummary[], now: number): ClockEntry[] {
  const groups = new Map<number, SloSummary[]>();
  for (const slo of slos) {
    const { endAt, view } = slo.budget.window;
    // A rolling window ends at every moment and closes at none.
    if (view === 'window' && endAt > now) groups.set(endAt, [...(groups.get(endAt) ?? []), slo]);
  }
  return [...groups].map(([at, group]) => ({
    key: `window ${at}`,
    at,
    tone: 'none',
    title: group.length === 1 ? 'Budget window closes' : 'Budget windows close',
    detail: whose(group),
    href: paths.slos,
  }));
}

/** What is known to happen next: budgets that run out at the present burn, and windows that close. */
export function nextOnClock(slos: readonly SloSummary[], now: number): ClockEntry[] {
  return [...forecasts(slos, now), ...windowEnds(slos, now)].toSorted((a, b) => a.at - b.at).slice(0, MOST);
}
