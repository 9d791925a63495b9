import {
  type AlertRules,
  formatDuration,
  type Indicator,
  type SloDefinition,
  type SloWindowSpec,
} from '@qd/shared/slo';
import { formatDecimal } from '../../../lib/format.ts';
import { percentText } from './draft/percent.ts';
import { comparisons, kindOf, kindWords } from './kinds.ts';

/** One line of a definition: what it is about, and what it says. */
export interface DefinitionLine {
  key: string;
  label: string;
  value: string;
  /** Queries and identifiers. */
  isCode: boolean;
}

const line = (key: string, label: string, value: string, isCode = false): DefinitionLine => ({
  key,
  label,
  value,
  isCode,
});

const none = 'none';
const unitNames: Readonly<Record<string, string>> = { d: 'd', h: 'h', m: 'min', s: 's' };

/** A length in full: `30 d`, `1 h 30 min`. */
export function lengthWords(ms: number): string {
  return formatDuration(ms)
    .replaceAll(/(\d+)([dhms])/g, (_, count: string, unit: string) => `${count} ${unitNames[unit]} `)
    .trim();
}

/** A whole definition as lines in the order of the form. `sourceName` replaces the id of its source. */
export function describeDefinition(
  definition: SloDefinition,
  sourceName: (id: string) => string = (id) => id,
): DefinitionLine[] {
  const { indicator, windows, meanings, alerting } = definition;
  return [
    line('source', 'Source', sourceName(definition.sourceId)),
    line('kind', 'What is counted', kindWords(kindOf(indicator))?.label ?? indicator.kind),
    ...indicatorLines(indicator),
    line('target', 'Target', `${definition.targetPercent}%`),
    line('window', 'Window that decides', windows[0] === undefined ? none : windowSpecWords(windows[0])),
    line('windows', 'Further windows', windows.slice(1).map(windowSpecWords).join('; ') || none),
    line('caution', 'Caution under', `${percentText(definition.cautionRatio)}% left`),
    line('freeze', 'Freeze under', `${percentText(definition.freezeRatio)}% left`),
    line('ship', 'Meaning of ship', meanings.ship || 'standard'),
    line('meaning-caution', 'Meaning of caution', meanings.caution || 'standard'),
    line('meaning-freeze', 'Meaning of freeze', meanings.freeze || 'standard'),
    line('meaning-overspent', 'Meaning of overspent', meanings.overspent || 'standard'),
    ...alertLines(alerting),
    line('exclusion-mode', 'Excluded time', exclusionWords[definition.exclusionMode]),
    ...aboutLines(definition),
  ];
}

function aboutLines({ name, slug, description, owner, service, labels }: SloDefinition): DefinitionLine[] {
  return [
    line('name', 'Name', name),
    line('slug', 'Short name', slug, true),
    line('description', 'Description', description || none),
    line('owner', 'Owner', owner ?? none),
    line('service', 'Service', service ?? none),
    line('labels', 'Labels', labelWords(labels)),
  ];
}

export const exclusionWords: Record<SloDefinition['exclusionMode'], string> = {
  auto: 'leaves counted events, counts as good in slices',
  remove: 'leaves both sides of the ratio',
  good: 'counts as good',
};

export const policyWords: Record<AlertRules['policy'], string> = {
  constant_limit: 'Same limit in every window',
  constant_share: 'Same share of the budget in every window',
  custom: 'Own rows',
};

function labelWords(labels: SloDefinition['labels']): string {
  const entries = Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b));
  return entries.map(([name, value]) => `${name}=${value}`).join(', ') || none;
}

function indicatorLines(indicator: Indicator): DefinitionLine[] {
  switch (indicator.kind) {
    case 'counters':
      return [
        line('total', 'All events', indicator.total, true),
        'bad' in indicator
          ? line('bad', 'Bad events', indicator.bad, true)
          : line('good', 'Good events', indicator.good, true),
      ];
    case 'latency':
      return [line('buckets', 'Histogram', indicator.buckets, true), line('le', 'Bound', indicator.le)];
    case 'gauge':
      return [line('selector', 'Gauge', indicator.selector, true)];
    case 'slices':
      return [line('query', 'Value', indicator.query, true), line('rule', 'Good when', ruleWords(indicator))];
    case 'percentile':
      return [line('buckets', 'Histogram', indicator.buckets, true), line('rule', 'Good when', ruleWords(indicator))];
    case 'push':
      return [];
  }
}

function ruleWords(indicator: Extract<Indicator, { kind: 'slices' | 'percentile' }>): string {
  const sign = comparisons.find(({ value }) => value === indicator.op)?.sign ?? indicator.op;
  const what = indicator.kind === 'slices' ? 'the value is' : `P${percentText(indicator.quantile)} is`;
  return `${what} ${sign} ${formatDecimal(indicator.value, 9)} in a slice of ${indicator.sliceMinutes} min`;
}

/** Where a window lies, whatever the day: `30 d from 1 Sep 2026`, `rolling 7 d`, `calendar month in UTC`. */
export function windowSpecWords(spec: SloWindowSpec): string {
  switch (spec.kind) {
    case 'cycle':
      return `every ${lengthWords(spec.windowMs)} from ${new Date(spec.anchorAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    case 'rolling':
      return `rolling ${lengthWords(spec.windowMs)}`;
    case 'calendar': {
      const { unit, count, timeZone, startDate } = spec.calendar;
      return `calendar ${count === 1 ? unit : `${count} ${unit}s`} in ${timeZone}, counted from ${startDate}`;
    }
  }
}

function alertLines(rules: AlertRules): DefinitionLine[] {
  const rows = rules.rows.map(
    (row) =>
      `${row.severity} over ${formatDecimal(row.limit, 4)}× in ${lengthWords(row.shortMs)} and ${lengthWords(row.longMs)}`,
  );
  const off = (ms: number | null): string => (ms === null ? 'off' : lengthWords(ms));
  return [
    line('alert-policy', 'Alert rows', policyWords[rules.policy]),
    ...rows.map((words, i) => line(`alert-row-${i}`, `Row ${i + 1}`, words)),
    line('alert-bad', 'Least bad events', String(rules.minBadEvents)),
    line('alert-total', 'Least events', String(rules.minTotalEvents)),
    line('alert-exhaustion', 'Alert on hours left', off(rules.exhaustionMs)),
    line('alert-absent', 'Alert on missing data', off(rules.absentMs)),
    line('alert-slow', 'Limits under 1×', rules.allowSlowRows ? 'allowed' : 'not allowed'),
    line('alert-muted', 'Alerts', rules.isMuted ? 'muted' : 'on'),
  ];
}
