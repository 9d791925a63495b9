import type { Mark, SloSummary } from '@qd/shared/slo';
import type { SourceHealth } from '../../lib/api.ts';
import { formatDuration, formatMs } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { joinWords, type Need, type NeedsInput, type Ranked } from './need.ts';
import { keyNeeds, ledgerNeeds, secretNeeds, unreadNeed } from './needs-keys.ts';
import { sloNeed } from './needs-slo.ts';

function costOf(source: SourceHealth, slos: readonly SloSummary[]): string {
  if (source.kind === 'redis') return 'Pages refresh every 15 s instead of at once.';
  if (source.kind === 'postgres') return 'Changes are off until it returns.';
  const fed = slos.filter((slo) => slo.source.id === source.key).length;
  if (fed === 0) return 'No objective reads from it.';
  return `${fed === 1 ? '1 objective gets' : `${fed} objectives get`} no new figures.`;
}

function sourceNeed(source: SourceHealth, { now, slos }: NeedsInput): Ranked[] {
  const base = { key: `source ${source.key}`, order: source.since ?? now, href: paths.slos, action: 'Open SLOs' };
  const why = source.error === null ? '' : ` ${source.error}`;
  if (source.state === 'slow') {
    const figure = source.latencyMs === null ? '' : formatMs(source.latencyMs);
    const title = `${source.name} is slow`;
    return [{ ...base, rank: 8, tone: 'warn', title, detail: `It answers, late.${why}`, figure }];
  }
  if (source.state !== 'down') return [];
  return [
    {
      ...base,
      rank: source.kind === 'postgres' ? 0 : 4,
      tone: 'crit',
      title: `${source.name} is down`,
      detail: `${costOf(source, slos)}${why}`,
      figure: source.since === null ? 'now' : formatDuration(now - source.since, { parts: 1 }),
    },
  ];
}

function incidentNeed(mark: Mark, lane: NeedsInput['lanes'][number], now: number): Ranked {
  const isGrave = mark.severity === 'P0' || mark.severity === 'P1';
  return {
    key: `incident ${mark.id}`,
    rank: isGrave ? 0 : 5,
    order: mark.at,
    tone: isGrave ? 'crit' : 'warn',
    title: `${lane.platformName}: ${mark.severity === null ? '' : `${mark.severity} `}incident is open`,
    detail: joinWords(mark.detail === '' ? '' : `${mark.detail.replace(/\.$/, '')}.`, mark.label),
    figure: formatDuration(now - mark.at, { parts: 1 }),
    href: lane.slo === null ? paths.slos : paths.slo(lane.slo.id),
    action: lane.slo === null ? 'Open SLOs' : 'Open SLO',
  };
}

function incidentNeeds({ lanes, now }: NeedsInput): Ranked[] {
  return lanes.flatMap((lane) =>
    lane.marks.filter((mark) => mark.kind === 'incident' && mark.open).map((mark) => incidentNeed(mark, lane, now)),
  );
}

/** Everything that asks for a person, the most urgent first. */
export function listNeeds(input: NeedsInput): Need[] {
  const ranked = [
    ...incidentNeeds(input),
    ...input.sources.flatMap((source) => sourceNeed(source, input)),
    ...input.slos.flatMap((slo) => sloNeed(slo, input)),
    ...ledgerNeeds(input),
    ...keyNeeds(input),
    ...secretNeeds(input),
    ...unreadNeed(input),
  ];
  return ranked.toSorted((a, b) => a.rank - b.rank || a.order - b.order || a.key.localeCompare(b.key));
}
