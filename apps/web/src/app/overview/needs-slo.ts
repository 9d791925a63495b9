import type { SloState, SloSummary } from '@qd/shared/slo';
import { firingSince, speaking } from '../../features/slo/alerts/alert-words.ts';
import { budgetOf } from '../../features/slo/budget-words.ts';
import { formatDay, formatDuration, formatPercent, formatTimes } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { goneAt, isStale } from '../../lib/slo-words.ts';
import type { Zone } from '../../lib/zone.ts';
import { inSentence } from './call-sentence.ts';
import { joinWords, type NeedsInput, type Ranked } from './need.ts';
import { isPaging } from './verdict.ts';

type Part = Pick<Ranked, 'rank' | 'order' | 'tone' | 'title' | 'detail' | 'figure'>;

interface Facts {
  slo: SloSummary;
  now: number;
  /** `HashInsight availability`. */
  subject: string;
  /** `0.63 of 21.6 min left.` */
  left: string;
  leftPercent: string;
  leftRatio: number;
  /** `Gone in 2 min at this burn.`, or nothing. */
  gone: string;
  /** When the fixed window ends, as a clause: `until 9 Oct`. A rolling one only recovers as failures leave it. */
  until: string;
  /** `Paging since 14:26, 21 min.`, or nothing. */
  alert: string;
}

function goneWords(slo: SloSummary, now: number): string {
  const at = goneAt(slo);
  if (at === null) return '';
  return at <= now ? 'Gone now.' : `Gone in ${formatDuration(at - now)} at this burn.`;
}

function factsOf(slo: SloSummary, { now, zone }: NeedsInput): Facts {
  const { leftRatio, leftMs, budgetMs, window } = slo.budget;
  return {
    slo,
    now,
    subject: `${slo.platformName} ${inSentence(slo.name)}`,
    left: leftMs === null ? '' : `${budgetOf(leftMs, budgetMs)}${leftMs < 0 ? '' : ' left'}.`,
    leftPercent: leftRatio === null ? '' : formatPercent(leftRatio),
    leftRatio: leftRatio ?? 0,
    gone: goneWords(slo, now),
    until:
      window.view === 'rolling' ? 'until old failures leave the window' : `until ${formatDay(window.endAt, zone, now)}`,
    alert: alertWords(slo, { nowMs: now, zone }),
  };
}

/** The most urgent alert of an objective that speaks, in a few words; what it measured is said by the need itself. */
function alertWords(slo: SloSummary, at: { nowMs: number; zone: Zone }): string {
  const [alert] = speaking(slo);
  if (alert === undefined) return '';
  const since = firingSince(alert.firedAt, at);
  if (alert.state === 'frozen') {
    const until = slo.inMaintenance && !isStale(slo) ? 'while time is excluded' : 'until data are back';
    return `A ${alert.severity} ${since}, frozen ${until}.`;
  }
  return `${alert.severity === 'page' ? 'Paging' : 'A ticket'} ${since}.`;
}

/** Somebody is called: by an alert that fires, or by a row where alerts are not evaluated yet. */
function isCalled(slo: SloSummary): boolean {
  return isPaging(slo) || speaking(slo).some((alert) => alert.severity === 'page' && alert.state === 'firing');
}

function whySilent(slo: SloSummary): string {
  if (slo.staleReason !== null) return `${slo.staleReason.replace(/\.$/, '')}.`;
  return isStale(slo) ? '' : 'Its source answers, but nothing has been counted yet.';
}

function silentFor(slo: SloSummary, now: number): string {
  if (slo.dataAt === null) return 'never';
  return isStale(slo) ? formatDuration(now - slo.dataAt, { parts: 1 }) : '';
}

function noData({ slo, now, subject, alert }: Facts): Part {
  return {
    // Silence that an alert has noticed asks for somebody; a source that just hiccups does not yet.
    rank: alert === '' ? 9 : 7,
    order: -(slo.dataAt ?? 0),
    tone: 'stale',
    title: `${subject} has no data`,
    detail: joinWords(whySilent(slo), 'It counts neither as good nor as bad.', alert),
    figure: silentFor(slo, now),
  };
}

function fastBurn({ slo, subject, left, leftPercent, gone, alert }: Facts): Part {
  const burn = slo.burn1h ?? slo.burn5m;
  const firing = slo.burnRows.find((row) => row.state === 'firing');
  const limit = firing ? `The limit over ${formatDuration(firing.longMs)} is ${formatTimes(firing.limit)}.` : '';
  return {
    rank: isCalled(slo) ? 1 : 5,
    order: -(burn ?? 0),
    tone: isCalled(slo) ? 'crit' : 'warn',
    title: `${subject} is burning fast`,
    detail: joinWords(limit, gone === '' ? left : gone, alert),
    figure: burn === null ? leftPercent : formatTimes(burn),
  };
}

const writers: Record<SloState, ((facts: Facts) => Part) | null> = {
  overspent: ({ slo, subject, left, leftPercent, leftRatio, until, alert }) => ({
    rank: isCalled(slo) ? 1 : 2,
    order: leftRatio,
    tone: 'crit',
    title: `${subject} is overspent`,
    detail: joinWords(left, `The promise is broken ${until}.`, alert),
    figure: leftPercent,
  }),
  freeze: ({ slo, subject, left, leftPercent, leftRatio, until, gone, alert }) => ({
    rank: isCalled(slo) ? 1 : 3,
    order: leftRatio,
    tone: 'crit',
    title: `${subject} is in freeze`,
    detail: joinWords(left, `Only reliability fixes ship ${until}.`, gone, alert),
    figure: leftPercent,
  }),
  fast_burn: fastBurn,
  caution: ({ slo, subject, left, leftPercent, leftRatio, gone, alert }) => ({
    rank: isCalled(slo) ? 1 : 6,
    order: leftRatio,
    tone: 'warn',
    title: `${subject} needs care`,
    detail: joinWords(left, `Under ${formatPercent(slo.policy.freezeRatio, 0)} releases freeze.`, gone, alert),
    figure: leftPercent,
  }),
  no_data: noData,
  insufficient: ({ slo, subject, leftPercent, leftRatio }) => ({
    rank: 10,
    order: leftRatio,
    tone: 'stale',
    title: `${subject} has too little data`,
    detail: `${formatPercent(slo.budget.coverageRatio, 0)} of the window is measured. No state is claimed.`,
    figure: leftPercent,
  }),
  on_course: null,
};

/** Nothing but its alert says that an objective on course needs somebody. */
function alertNeed({ slo, now, subject, leftPercent, leftRatio, alert }: Facts): Part {
  const [first] = speaking(slo);
  return {
    rank: isCalled(slo) ? 1 : 5,
    order: leftRatio,
    tone: isCalled(slo) ? 'crit' : 'warn',
    title: `${subject} ${first?.severity === 'page' ? 'is paging' : 'has a ticket open'}`,
    detail: joinWords(first?.summary ?? '', first?.state === 'frozen' ? alert : ''),
    figure: first === undefined ? leftPercent : formatDuration(now - first.firedAt, { parts: 1 }),
  };
}

/** What an objective asks for: its state and its alerts as one need, none when all is well. */
export function sloNeed(slo: SloSummary, input: NeedsInput): Ranked[] {
  const write = isStale(slo) ? noData : (writers[slo.state] ?? (speaking(slo).length > 0 ? alertNeed : null));
  if (write === null) return [];
  return [{ key: slo.id, href: paths.slo(slo.id), action: 'Open SLO', ...write(factsOf(slo, input)) }];
}
