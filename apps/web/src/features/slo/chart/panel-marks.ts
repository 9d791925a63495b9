import type { BurnDownSeries, Mark, SloDetail } from '@qd/shared/slo';
import { formatClock } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { budgetLoss } from '../budget-words.ts';
import type { PanelMark } from './annotations.ts';
import type { TimeRange } from './series.ts';

const LONGEST = 26;

/** Events of the whole window; those inside the enlarged hour are drawn there instead. */
export function windowMarks(slo: SloDetail, series: BurnDownSeries): PanelMark[] {
  const { window, lens } = series;
  return ranked(
    slo,
    slo.marks.filter(isDrawn).filter((mark) => within(mark.at, window)),
  )
    .filter(({ mark }) => mark.kind === 'deploy' || lens === null || !within(mark.at, lens))
    .map(({ mark, rank }) => ({
      id: mark.id,
      kind: mark.kind,
      // A closed incident is named where its cost has been paid.
      at: mark.kind === 'incident' && mark.endAt !== null ? Math.min(mark.endAt, window.endAt) : mark.at,
      text: mark.kind === 'incident' ? incidentText(mark, slo) : shortOf(mark),
      name: fullName(mark),
      settled: mark.endAt !== null,
      rank,
    }));
}

/** Events of the enlarged hour, each with its minute. */
export function lensMarks(slo: SloDetail, lens: TimeRange, zone: Zone): PanelMark[] {
  return ranked(
    slo,
    slo.marks.filter(isDrawn).filter((mark) => within(mark.at, lens)),
  ).map(({ mark, rank }) => ({
    id: mark.id,
    kind: mark.kind,
    at: mark.at,
    text: `${formatClock(mark.at, zone)} ${mark.kind === 'incident' ? shorten(nameOf(mark)) : shortOf(mark)}`,
    name: fullName(mark),
    settled: false,
    rank,
  }));
}

/** Marks drawn as signs; exclusions are bands. */
type DrawnMark = Mark & { kind: PanelMark['kind'] };

function isDrawn(mark: Mark): mark is DrawnMark {
  return mark.kind !== 'exclusion';
}

/** Open incidents first, then what cost most, then the newest. */
function ranked(slo: SloDetail, marks: readonly DrawnMark[]): { mark: DrawnMark; rank: number }[] {
  return marks
    .toSorted((a, b) => Number(b.open) - Number(a.open) || costOf(b, slo) - costOf(a, slo) || b.at - a.at)
    .map((mark, rank) => ({ mark, rank }));
}

function costOf(mark: Mark, slo: SloDetail): number {
  return slo.spend.find((item) => item.mark?.id === mark.id)?.budgetMs ?? 0;
}

function incidentText(mark: Mark, slo: SloDetail): string {
  const cost = costOf(mark, slo);
  const name = shorten(nameOf(mark));
  return cost > 0 ? `${name}, ${budgetLoss(cost, slo.budget.budgetMs)}` : name;
}

/** An incident's number says little on a chart: what happened is its detail, when it has one. */
function nameOf(mark: Mark): string {
  const what = /^[A-Z]{2,5}-[\d-]+$/.test(mark.label) && mark.detail !== '' ? mark.detail : mark.label;
  return mark.severity === null ? what : `${mark.severity} ${what}`;
}

/** `P0 incident INC-1, Connection pool exhausted`, `Deploy v1.9.0, Request coalescing rollout`. */
function fullName({ kind, label, detail, severity }: Mark): string {
  const lead = kind === 'incident' ? `${severity ?? ''} incident ${label}`.trim() : label;
  return detail === '' || kind === 'alert' ? lead : `${lead}, ${detail}`;
}

/** The flag says that it is a deploy. */
function shortOf(mark: Mark): string {
  return shorten(mark.label.replace(/^Deploy /, ''));
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;
}

function within(at: number, range: TimeRange): boolean {
  return at >= range.startAt && at <= range.endAt;
}
