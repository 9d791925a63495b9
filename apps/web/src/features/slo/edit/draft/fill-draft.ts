import { formatDuration, type Indicator, type SloDefinition, type SloWindowSpec } from '@qd/shared/slo';
import { emptyDraft, type AlertsDraft, type SloDraft, usualWindow, type WindowDraft } from './draft.ts';
import { percentText } from './percent.ts';

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A definition as the form shows it: the inverse of `readDraft`. */
export function fillDraft(definition: SloDefinition, now: number): SloDraft {
  const { indicator, windows, alerting, labels } = definition;
  return {
    ...emptyDraft(definition.platform, now),
    sourceId: definition.sourceId,
    ...indicatorFields(indicator),
    target: definition.targetPercent,
    windows: windows.map((spec, key) => windowFields(spec, key, now)),
    caution: percentText(definition.cautionRatio),
    freeze: percentText(definition.freezeRatio),
    meanings: { ...definition.meanings },
    alerts: alertFields(alerting),
    exclusionMode: definition.exclusionMode,
    name: definition.name,
    // Its own from now on: another name must not change the address.
    slug: definition.slug,
    description: definition.description,
    owner: definition.owner ?? '',
    service: definition.service ?? '',
    labels: Object.entries(labels).map(([name, value], key) => ({ key, name, value })),
  };
}

/** A definition as the start of another one: everything but its name. */
export function copyDraft(definition: SloDefinition, now: number): SloDraft {
  return { ...fillDraft(definition, now), name: '', slug: '' };
}

function indicatorFields(indicator: Indicator): Partial<SloDraft> & Pick<SloDraft, 'kind'> {
  switch (indicator.kind) {
    case 'counters':
      return 'bad' in indicator
        ? { kind: 'bad', total: indicator.total, bad: indicator.bad }
        : { kind: 'good', total: indicator.total, good: indicator.good };
    case 'latency':
      return { kind: 'latency', buckets: indicator.buckets, le: indicator.le };
    case 'gauge':
      return { kind: 'gauge', selector: indicator.selector };
    case 'slices': {
      const { query, op, value, sliceMinutes } = indicator;
      return { kind: 'slices', query, op, value: String(value), sliceMinutes: String(sliceMinutes) };
    }
    case 'percentile': {
      const { buckets, quantile, op, value, sliceMinutes } = indicator;
      const rest = { op, value: String(value), sliceMinutes: String(sliceMinutes) };
      return { kind: 'percentile', buckets, quantilePercent: percentText(quantile), ...rest };
    }
    case 'push':
      return { kind: 'push' };
  }
}

function windowFields(spec: SloWindowSpec, key: number, now: number): WindowDraft {
  const usual = usualWindow(key, now, spec.kind);
  switch (spec.kind) {
    case 'cycle': {
      const { windowMs, anchorAt } = spec;
      return { ...usual, length: formatDuration(windowMs), anchorDay: isoDay(anchorAt), anchorAt };
    }
    case 'rolling':
      return { ...usual, length: formatDuration(spec.windowMs) };
    case 'calendar': {
      const { unit, count, timeZone, startDate } = spec.calendar;
      return { ...usual, unit, count: String(count), timeZone, startDate };
    }
  }
}

function alertFields(rules: SloDefinition['alerting']): AlertsDraft {
  return {
    policy: rules.policy,
    rows: rules.rows.map((row, key) => ({
      key,
      short: formatDuration(row.shortMs),
      long: formatDuration(row.longMs),
      limit: String(row.limit),
      severity: row.severity,
    })),
    minBadEvents: String(rules.minBadEvents),
    minTotalEvents: String(rules.minTotalEvents),
    exhaustion: rules.exhaustionMs === null ? '' : formatDuration(rules.exhaustionMs),
    absent: rules.absentMs === null ? '' : formatDuration(rules.absentMs),
    allowSlowRows: rules.allowSlowRows,
    isMuted: rules.isMuted,
  };
}
