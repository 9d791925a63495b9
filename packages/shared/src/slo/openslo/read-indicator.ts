import { indicatorInput, type Indicator } from '../indicator.ts';
import type { Metric, Objective, SliSpec, SloSpec } from './documents.ts';
import { durationMs, writtenDuration } from './durations.ts';
import { PUSH_TYPE, renderIndicator } from './render.ts';

const MINUTE_MS = 60_000;

/** An indicator of a document with what its objective says beside the target. */
export interface WrittenIndicator {
  spec: SliSpec;
  objective: Objective;
  budgetingMethod: SloSpec['budgetingMethod'];
}

/** Tells a fault at a path under the indicator (`spec`), or under the objective. */
export interface IndicatorFaults {
  spec(path: (string | number)[], message: string): void;
  objective(path: (string | number)[], message: string): void;
  method(message: string): void;
}

/**
 * The indicator that was exported, if the document still says what it said then; null when it was changed by hand or
 * never was ours.
 */
export function rememberedIndicator(annotation: string | undefined, written: WrittenIndicator): Indicator | null {
  const parsed = indicatorInput.safeParse(parsedJson(annotation));
  if (!parsed.success) return null;
  const rendered = renderIndicator(parsed.data, '');
  const { op, value, timeSliceTarget, timeSliceWindow } = written.objective;
  const said = [bare(written.spec), written.budgetingMethod, op, value, timeSliceTarget, timeSliceWindow];
  const { objective } = rendered;
  const meant = [
    bare(rendered.spec),
    rendered.budgetingMethod,
    objective.op,
    objective.value,
    objective.timeSliceTarget,
    objective.timeSliceWindow,
  ];
  return JSON.stringify(said) === JSON.stringify(meant) ? parsed.data : null;
}

/** The value of JSON text; undefined when it is none. */
export function parsedJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a spec asks for, without names of sources and in a fixed order. */
function bare({ thresholdMetric, ratioMetric }: SliSpec): unknown[] {
  const ask = (metric: Metric | undefined) =>
    metric === undefined ? null : (queryOf(metric) ?? metric.metricSource.type);
  const { counter, good, bad, total } = ratioMetric ?? {};
  return [ask(thresholdMetric), counter, ask(good), ask(bad), ask(total)];
}

function queryOf({ metricSource }: Metric): string | null {
  const { query, promql } = metricSource.spec;
  if (typeof query === 'string') return query;
  return typeof promql === 'string' ? promql : null;
}

/** The indicator that a document of anyone's describes; null after a fault was told. */
export function readIndicator(written: WrittenIndicator, faults: IndicatorFaults): Indicator | null {
  const { spec, budgetingMethod } = written;
  if (spec.thresholdMetric !== undefined) return readThreshold(written, spec.thresholdMetric, faults);
  if (budgetingMethod !== 'Occurrences') {
    faults.method(`not supported yet: ${budgetingMethod} of a ratioMetric; use Occurrences`);
    return null;
  }
  for (const key of ['op', 'value'] as const)
    if (written.objective[key] !== undefined) faults.objective([key], 'goes with thresholdMetric only; remove it');
  const ratio = spec.ratioMetric;
  if (ratio?.raw !== undefined) {
    faults.spec(['ratioMetric', 'raw'], 'not supported yet: a raw ratio; give good or bad, and total');
    return null;
  }
  return ratio === undefined ? null : readRatio(ratio, faults);
}

function readRatio(ratio: NonNullable<SliSpec['ratioMetric']>, faults: IndicatorFaults): Indicator | null {
  const { total, good, bad, counter } = ratio;
  if (total?.metricSource.type === PUSH_TYPE) return { kind: 'push' };
  if (!counter) {
    const message = 'not supported yet: false; only counters that grow are counted (counter: true)';
    faults.spec(['ratioMetric', 'counter'], message);
    return null;
  }
  const totalQuery = total === undefined ? null : readQuery(total, ['ratioMetric', 'total'], faults);
  const name = bad === undefined ? 'good' : 'bad';
  const part = bad ?? good;
  const partQuery = part === undefined ? null : readQuery(part, ['ratioMetric', name], faults);
  if (totalQuery === null || partQuery === null) return null;
  if (name === 'bad') return { kind: 'counters', total: totalQuery, bad: partQuery };
  return { kind: 'counters', total: totalQuery, good: partQuery };
}

function readThreshold(written: WrittenIndicator, metric: Metric, faults: IndicatorFaults): Indicator | null {
  const { op, value, timeSliceTarget, timeSliceWindow } = written.objective;
  if (written.budgetingMethod !== 'Timeslices') {
    faults.method(`not supported yet: ${written.budgetingMethod} of a thresholdMetric; use Timeslices`);
    return null;
  }
  if (op === undefined) faults.objective(['op'], 'is missing: how the value compares with the limit');
  if (value === undefined) faults.objective(['value'], 'is missing: the limit');
  if (timeSliceTarget === undefined) faults.objective(['timeSliceTarget'], 'is missing: Timeslices need it');
  if (timeSliceWindow === undefined) faults.objective(['timeSliceWindow'], 'is missing: Timeslices need it');
  const query = readQuery(metric, ['thresholdMetric'], faults);
  if (query === null || op === undefined || value === undefined || timeSliceWindow === undefined) return null;
  const sliceMs =
    typeof timeSliceWindow === 'number' ? timeSliceWindow * MINUTE_MS : durationMs(writtenDuration(timeSliceWindow));
  return { kind: 'slices', query, op, value, sliceMinutes: (sliceMs ?? 0) / MINUTE_MS };
}

function readQuery(metric: Metric, path: string[], faults: IndicatorFaults): string | null {
  const { type } = metric.metricSource;
  const at = [...path, 'metricSource'];
  if (type !== undefined && type.toLowerCase() !== 'prometheus') {
    faults.spec([...at, 'type'], `not supported yet: “${type}”; only Prometheus is read`);
    return null;
  }
  const query = queryOf(metric);
  if (query === null) faults.spec([...at, 'spec', 'query'], 'is missing: the PromQL of the metric');
  return query;
}
