import { DomainError } from '@qd/shared/errors';
import type { Indicator } from '@qd/shared/slo';
import type { BoundarySeries } from '../count-minutes.ts';
import { bucketSelector, latencyBuckets, missingBound } from '../kinds/bounds.ts';
import { needsPrometheus } from '../kinds/count-slices.ts';
import type { MetricsPage } from './exposition.ts';
import { type Labels, parseSelector, type Selector } from './selector.ts';

/** A page as it was at an instant (ms). */
export interface PageAt {
  atMs: number;
  page: MetricsPage;
}

/** What is remembered of one indicator: the counters as they were last seen, by their labels. */
export interface Watched {
  atMs: number;
  total: ReadonlyMap<string, number>;
  part: ReadonlyMap<string, number>;
}

/** An indicator with its selectors read: counters that grow, or the samples of a gauge. */
export type Watch =
  | { kind: 'counters'; total: Selector; part: Selector; partIs: 'bad' | 'good' }
  | { kind: 'latency'; buckets: Selector; judged: Selector; le: string; partIs: 'good' }
  | { kind: 'gauge'; selector: Selector };
export type CounterWatch = Exclude<Watch, { kind: 'gauge' }>;

/** Reads the selectors of an indicator. Throws `invalid` if one is not a plain selector, or for a kind that needs queries. */
export function watchOf(indicator: Indicator): Watch {
  switch (indicator.kind) {
    case 'counters': {
      const partIs = 'bad' in indicator ? 'bad' : 'good';
      const part = 'bad' in indicator ? indicator.bad : indicator.good;
      return { kind: 'counters', total: parseSelector(indicator.total), part: parseSelector(part), partIs };
    }
    case 'latency': {
      const judged = parseSelector(bucketSelector(indicator));
      return { kind: 'latency', buckets: parseSelector(indicator.buckets), judged, le: indicator.le, partIs: 'good' };
    }
    case 'gauge':
      return { kind: 'gauge', selector: parseSelector(indicator.selector) };
    case 'slices':
    case 'percentile':
      throw needsPrometheus(indicator);
    case 'push':
      throw new DomainError('invalid', 'A metrics page is read; the measurements of this objective are pushed.');
  }
}

/** Names of the metrics that an indicator reads. */
export function namesOf(watch: Watch): string[] {
  switch (watch.kind) {
    case 'counters':
      return [watch.total.name, watch.part.name];
    case 'latency':
      return [watch.buckets.name];
    case 'gauge':
      return [watch.selector.name];
  }
}

/**
 * The counters of an indicator on a page. Throws `invalid` if the page lacks the metric, it is no counter, or the
 * histogram has no such bound.
 */
export function see(watch: CounterWatch, at: PageAt): Watched {
  for (const name of namesOf(watch)) refuseName(at.page, name);
  if (watch.kind === 'latency') return seeBuckets(watch, at);
  return { atMs: at.atMs, total: valuesOf(at.page, watch.total), part: valuesOf(at.page, watch.part) };
}

function refuseName(page: MetricsPage, name: string): void {
  if (!page.knows(name)) throw fault(`The page has no metric “${name}”; check the name.`);
  const type = page.typeOf(name);
  const counts = type === null || type === 'counter' || type === 'untyped' || type === 'unknown';
  const isGauge = !counts && !/_(?:count|bucket)$/.test(name);
  if (isGauge) throw fault(`“${name}” is a ${type}, not a counter; choose a metric that only grows.`);
}

function seeBuckets(watch: Extract<Watch, { kind: 'latency' }>, { atMs, page }: PageAt): Watched {
  const samples = samplesOf(page, watch.judged);
  const series = samples.map(({ labels, value }): BoundarySeries => ({ labels, values: [value] }));
  const { total, good, lacksBound } = latencyBuckets(series);
  if (lacksBound) {
    throw missingBound(
      watch.le,
      samplesOf(page, watch.buckets).flatMap(({ labels }) => labels['le'] ?? []),
    );
  }
  const keyed = (some: readonly BoundarySeries[]): Map<string, number> =>
    new Map(some.map(({ labels, values }) => [JSON.stringify(labels), values[0] ?? 0]));
  return { atMs, total: keyed(total), part: keyed(good) };
}

/** Samples of the page that a selector picks. */
export function samplesOf(page: MetricsPage, selector: Selector): { labels: Labels; value: number }[] {
  return page.samples.filter(({ name, labels }) => name === selector.name && selector.matches(labels));
}

function valuesOf(page: MetricsPage, selector: Selector): Map<string, number> {
  return new Map(samplesOf(page, selector).map(({ labels, value }) => [JSON.stringify(labels), value]));
}

/** The refusal of an indicator whose metric is at fault. */
export function fault(message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field: 'indicator', message }] });
}
