import { slugOf } from '@qd/shared/slo';
import type { DraftReader } from './draft-reader.ts';
import type { AlertsDraft, SloDraft, WindowDraft } from './draft.ts';

/** The slug the form would save: its own, or the one that follows from the name. */
export function slugIn(draft: Pick<SloDraft, 'slug' | 'name'>): string {
  return draft.slug.trim() === '' ? slugOf(draft.name) : draft.slug.trim();
}

/** A form as the server's rules take it; what cannot be read is missing here and noted in the reader. */
export function inputOf(draft: SloDraft, reader: DraftReader) {
  return {
    platform: draft.platform,
    slug: slugIn(draft),
    name: draft.name,
    description: draft.description,
    owner: textOrNull(draft.owner),
    service: textOrNull(draft.service),
    sourceId: draft.sourceId,
    indicator: indicatorOf(draft, reader),
    targetPercent: draft.target.trim().replace(/\s*%$/, ''),
    windows: draft.windows.map((window, i) => windowOf(window, `windows[${i}]`, reader)),
    cautionRatio: reader.percent(draft.caution, 'cautionRatio'),
    freezeRatio: reader.percent(draft.freeze, 'freezeRatio'),
    meanings: draft.meanings,
    alerting: alertsOf(draft.alerts, reader),
    exclusionMode: draft.exclusionMode,
    labels: Object.fromEntries(labelsIn(draft).map(({ name, value }) => [name.trim(), value.trim()])),
  };
}

const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Labels in which something was typed. */
export const labelsIn = ({ labels }: SloDraft) =>
  labels.filter(({ name, value }) => name.trim() !== '' || value.trim() !== '');

function indicatorOf(draft: SloDraft, reader: DraftReader): unknown {
  const { kind, total, bad, good, buckets, selector, query, op } = draft;
  switch (kind) {
    case 'bad':
      return { kind: 'counters', total, bad };
    case 'good':
      return { kind: 'counters', total, good };
    case 'latency':
      return { kind, buckets, le: draft.le.trim() };
    case 'gauge':
      return { kind, selector };
    case 'slices':
      return { kind, query, op, ...sliceOf(draft, reader) };
    case 'percentile':
      return {
        kind,
        buckets,
        quantile: reader.percent(draft.quantilePercent, 'indicator.quantile'),
        op: op === 'lt' ? 'lt' : 'lte',
        ...sliceOf(draft, reader),
      };
    case 'push':
      return { kind };
  }
}

function sliceOf(draft: SloDraft, reader: DraftReader) {
  return {
    value: reader.number(draft.value, 'indicator.value'),
    sliceMinutes: reader.number(draft.sliceMinutes, 'indicator.sliceMinutes'),
  };
}

function windowOf(window: WindowDraft, field: string, reader: DraftReader): unknown {
  const { kind } = window;
  if (kind === 'calendar') {
    const { unit, timeZone, startDate } = window;
    const count = reader.number(window.count, `${field}.calendar.count`);
    return { kind, calendar: { unit, count, timeZone: timeZone.trim(), startDate } };
  }
  const windowMs = reader.duration(window.length, `${field}.windowMs`);
  return kind === 'rolling' ? { kind, windowMs } : { kind, windowMs, anchorAt: anchorOf(window, field, reader) };
}

function anchorOf({ anchorAt, anchorDay }: WindowDraft, field: string, reader: DraftReader): number | undefined {
  if (anchorAt !== null) return anchorAt;
  const at = Date.parse(`${anchorDay}T00:00:00Z`);
  if (!Number.isNaN(at)) return at;
  reader.faults.push({ field: `${field}.anchorAt`, message: 'must be a day such as 2026-01-01' });
  return undefined;
}

function alertsOf(alerts: AlertsDraft, reader: DraftReader): unknown {
  const { policy, allowSlowRows, isMuted } = alerts;
  return {
    policy,
    rows: policy === 'custom' ? alerts.rows.map((row, i) => rowOf(row, `alerting.rows[${i}]`, reader)) : [],
    minBadEvents: reader.number(alerts.minBadEvents, 'alerting.minBadEvents'),
    minTotalEvents: reader.number(alerts.minTotalEvents, 'alerting.minTotalEvents'),
    exhaustionMs: durationOrNull(alerts.exhaustion, 'alerting.exhaustionMs', reader),
    absentMs: durationOrNull(alerts.absent, 'alerting.absentMs', reader),
    allowSlowRows,
    isMuted,
  };
}

function rowOf(row: AlertsDraft['rows'][number], field: string, reader: DraftReader): unknown {
  return {
    shortMs: reader.duration(row.short, `${field}.shortMs`),
    longMs: reader.duration(row.long, `${field}.longMs`),
    limit: reader.number(row.limit, `${field}.limit`),
    severity: row.severity,
  };
}

function durationOrNull(text: string, field: string, reader: DraftReader): number | null | undefined {
  return text.trim() === '' ? null : reader.duration(text, field);
}
