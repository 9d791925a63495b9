import { DAY_MS, minuteOf, startOfMinute } from '../../time/index.ts';
import { thinToHours, valueAt } from '../cumulative.ts';
import { probeMinutes, summarise, summaryMinutes, type SummarySlo } from '../summarise.ts';
import { parseTarget } from '../target.ts';
import type { CumulativeRow } from '../types.ts';

/** A moment inside an hour, half a minute into a minute. */
export const NOW = Date.parse('2026-11-21T14:47:30Z');
export const END_M = minuteOf(NOW) - 1;

/** What one minute brought; null when nothing measured it. */
type Minute = { total: number; bad: number } | null;
/** What each epoch minute brought. */
export type History = (m: number) => Minute;

/** An objective of 99.95 % over a cycle of 30 days that was never measured. */
export const base: SummarySlo = {
  id: 'slo_1',
  platformId: 'hashinsight',
  platformName: 'HashInsight',
  name: 'Availability',
  description: 'requests not 5xx',
  isDemo: false,
  target: parseTarget('99.95'),
  policy: { cautionRatio: 0.2, freezeRatio: 0.1 },
  source: { id: 'src_1', kind: 'prometheus', name: 'Prometheus' },
  revision: 1,
  unit: 'events',
  windowMs: 30 * DAY_MS,
  anchorAt: Date.parse('2026-11-08T00:00:00Z'),
  calendar: null,
  judgedBy: 'window',
  otherWindows: [],
  alerting: null,
  intervalMs: 30_000,
  measuredSince: null,
  sourceDown: false,
  staleReason: null,
};

/** Rows of both tiers as the product keeps them: minutes of the last 8 days, full hours of all before. */
function store(history: History, fromM: number, endM: number) {
  const rows: CumulativeRow[] = [];
  let [total, bad, observed] = [0, 0, 0];
  for (let m = fromM; m <= endM; m += 1) {
    const minute = history(m);
    if (minute === null) continue;
    total += minute.total;
    bad += minute.bad;
    observed += 1;
    rows.push({ m, total, bad, observed });
  }
  const hours = thinToHours(rows, endM);
  const minutes = rows.filter((row) => row.m > endM - 8 * 1440);
  const kept = [...hours.filter((row) => row.m < (minutes[0]?.m ?? Number.POSITIVE_INFINITY)), ...minutes];
  return { all: rows, at: (m: number): CumulativeRow | null => valueAt(kept, m) };
}

/** The summary of an objective with this history, from the rows it asks for alone. */
export function summaryOf(slo: SummarySlo, history: History, fromM: number, now = NOW) {
  const kept = store(history, fromM, minuteOf(now) - 1);
  const rows = new Map(probeMinutes(summaryMinutes(slo, now)).map((m) => [m, kept.at(m)]));
  return { summary: summarise({ slo, now, rows }), kept, rows };
}

/** A thousand events a minute, none bad. */
export const steady: History = () => ({ total: 1000, bad: 0 });
export const sixtyDaysAgo = END_M - 60 * 1440;
/** The same objective, measured for sixty days. */
export const old: SummarySlo = { ...base, measuredSince: startOfMinute(sixtyDaysAgo) };
