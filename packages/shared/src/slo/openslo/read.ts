import { type SloDefinition, sloDefinition } from '../definition.ts';
import type { Indicator } from '../indicator.ts';
import { slugOf } from '../platform-file.ts';
import { type Annotations, readAnnotations } from './annotations.ts';
import { collect, type Collected, type OpenSloFault, type Placed } from './collect.ts';
import type { Metadata, Metric, Objective, SliSpec } from './documents.ts';
import { serviceName, withoutSecrets } from './export.ts';
import { readAlerting } from './read-alerting.ts';
import { parsedJson, readIndicator, rememberedIndicator } from './read-indicator.ts';
import { readWindow, rememberedWindows } from './read-window.ts';

const UNSET = 'unset';

/** An objective that a document describes. `definition.sourceId` is what the document says, or `unset`. */
export interface ReadObjective {
  document: number;
  definition: SloDefinition;
  /** What is said about where it is measured. */
  source: { id: string | null; url: string | null };
}

/** What was understood of a number of documents; objectives are complete only where there is no fault. */
export interface ReadDocuments {
  heads: Collected['heads'];
  objectives: ReadObjective[];
  faults: OpenSloFault[];
  warnings: OpenSloFault[];
}

type Path = (string | number)[];
interface Reading extends Placed<'SLO'> {
  collected: Collected;
  own: Annotations;
  platform: string | undefined;
  fault(path: Path, message: string): void;
  warn(path: Path, message: string): void;
}

/** Reads parsed OpenSLO documents. `platform` is for those that name none of their own. */
export function readOpenSlo(
  values: readonly unknown[],
  { platform }: { platform?: string | undefined },
): ReadDocuments {
  const collected = collect(values);
  const faults = [...collected.faults];
  const warnings: OpenSloFault[] = [];
  const objectives = collected.slos.flatMap((placed) => {
    const { document } = placed;
    const { own, unknown } = readAnnotations(placed.value.metadata.annotations);
    const reading: Reading = {
      ...placed,
      collected,
      own,
      platform,
      fault: (path, message) => void faults.push({ document, path, message }),
      warn: (path, message) => void warnings.push({ document, path, message }),
    };
    for (const key of unknown) reading.warn(['metadata', 'annotations', key], 'means nothing to this version');
    return readSlo(reading);
  });
  return { heads: collected.heads, objectives, faults, warnings };
}

function readSlo(reading: Reading): ReadObjective[] {
  const { spec } = reading.value;
  const many = spec.objectives.length > 1;
  const slugs = new Set<string>();
  return spec.objectives.flatMap((objective, i) => {
    const path: Path = ['spec', 'objectives', i];
    const sli = sliOf(reading, objective, path);
    if (sli === null) return [];
    const { displayName } = objective;
    const suffix = many ? `-${slugOf(displayName ?? '') || i + 1}` : '';
    const baseSlug = `${reading.own.slug ?? reading.value.metadata.name}${suffix}`;
    const slug = slugs.has(baseSlug) ? `${baseSlug}-${i + 1}` : baseSlug;
    slugs.add(slug);
    const base = reading.value.metadata.displayName ?? reading.value.metadata.name;
    const name = many ? `${base}: ${displayName ?? i + 1}` : base;
    const read = readObjective(reading, { objective, path, sli, slug, name });
    return read === null ? [] : [read];
  });
}

interface FoundSli {
  spec: SliSpec;
  document: number;
  path: Path;
}

/** The indicator of an objective: its own, that of the SLO, or one that is referred to. */
function sliOf(reading: Reading, objective: Objective, path: Path): FoundSli | null {
  const { spec } = reading.value;
  const { document } = reading;
  if (objective.indicator !== undefined)
    return { spec: objective.indicator.spec, document, path: [...path, 'indicator', 'spec'] };
  if (objective.indicatorRef === undefined && spec.indicator !== undefined)
    return { spec: spec.indicator.spec, document, path: ['spec', 'indicator', 'spec'] };
  const ref = objective.indicatorRef ?? spec.indicatorRef;
  if (ref === undefined) {
    reading.fault(path, 'has no indicator: give indicator or indicatorRef here or in the spec');
    return null;
  }
  const found = reading.collected.find('SLI', ref);
  if (found !== null) return { spec: found.value.spec, document: found.document, path: ['spec'] };
  const at: Path = objective.indicatorRef === undefined ? ['spec', 'indicatorRef'] : [...path, 'indicatorRef'];
  reading.fault(at, `there is no SLI “${ref}” among the documents`);
  return null;
}

interface ObjectiveParts {
  objective: Objective;
  path: Path;
  sli: FoundSli;
  slug: string;
  name: string;
}

function readObjective(reading: Reading, parts: ObjectiveParts): ReadObjective | null {
  const { own, value, document, collected } = reading;
  const { spec, metadata } = value;
  const { objective, path } = parts;
  if (objective.compositeWeight !== undefined)
    reading.fault([...path, 'compositeWeight'], 'not supported yet: objectives that are weighed together');
  const indicator = indicatorOf(reading, parts);
  const windows = windowsOf(reading);
  const alerting = readAlerting(own.alerting, spec.alertPolicies, collected, reading);
  const platform = own.platform ?? reading.platform;
  if (platform === undefined)
    reading.fault(['metadata', 'annotations'], 'names no platform; choose one for the import');
  if (indicator === null || windows === null || platform === undefined) return null;
  const parsed = sloDefinition.safeParse({
    platform,
    slug: parts.slug,
    name: parts.name,
    description: spec.description ?? '',
    service: serviceOf(reading, platform),
    indicator,
    targetPercent: percentOf(objective),
    windows,
    alerting,
    labels: labelsOf(reading, metadata),
    ...annotated(own),
  });
  if (parsed.success) return { document, definition: parsed.data, source: sourceOf(reading, parts.sli) };
  for (const issue of parsed.error.issues) {
    const key = issue.path.join('.');
    reading.fault(placeOf(String(issue.path[0] ?? ''), path), `${key} ${issue.message}`);
  }
  return null;
}

/** Where in the document the fault of a field of ours is to be looked for. */
function placeOf(field: string, objective: Path): Path {
  switch (field) {
    case 'targetPercent':
      return objective;
    case 'slug':
      return ['metadata', 'name'];
    case 'name':
      return ['metadata', 'displayName'];
    case 'labels':
      return ['metadata', 'labels'];
    case 'windows':
      return ['spec', 'timeWindow', 0, 'duration'];
    case 'alerting':
      return ['spec', 'alertPolicies'];
    case 'indicator':
      return ['spec', 'indicator'];
    case 'description':
    case 'service':
      return ['spec', field];
    default:
      return ['metadata', 'annotations'];
  }
}

function indicatorOf(reading: Reading, { objective, path, sli }: ObjectiveParts): Indicator | null {
  const { own, value, document } = reading;
  const { budgetingMethod } = value.spec;
  const written = { spec: sli.spec, objective, budgetingMethod };
  const remembered = rememberedIndicator(own.indicator, written);
  if (remembered !== null) return remembered;
  if (own.indicator !== undefined)
    reading.warn(['spec', 'indicator'], 'differs from what was exported, so it is read as it stands');
  const { timeSliceTarget } = objective;
  if (sli.spec.thresholdMetric !== undefined && timeSliceTarget !== undefined && timeSliceTarget !== 1)
    reading.warn(
      [...path, 'timeSliceTarget'],
      'is not used: a slice is good or bad as a whole, by its value at its end',
    );
  return readIndicator(written, {
    spec: (at, message) => {
      if (sli.document === document) reading.fault([...sli.path, ...at], message);
      else
        reading.fault(['spec', 'indicatorRef'], `names document ${sli.document}, in which ${at.join('.')}: ${message}`);
    },
    objective: (at, message) => reading.fault([...path, ...at], message),
    method: (message) => reading.fault(['spec', 'budgetingMethod'], message),
  });
}

function windowsOf(reading: Reading): SloDefinition['windows'] | null {
  const { own, value } = reading;
  const [written] = value.spec.timeWindow;
  if (written === undefined) return null;
  const remembered = rememberedWindows(own.windows, written);
  if (remembered !== null) return remembered;
  const at: Path = ['spec', 'timeWindow', 0];
  if (own.windows !== undefined) reading.warn(at, 'differs from what was exported, so it is read as it stands');
  const window = readWindow(written, {
    fault: (path, message) => reading.fault([...at, ...path], message),
    warn: (path, message) => reading.warn([...at, ...path], message),
  });
  return window === null ? null : [window];
}

/** Exact decimal percent of a target; more decimals than can be kept are told by the definition's own check. */
function percentOf({ target, targetPercent }: Objective): string {
  const percent = targetPercent ?? (target ?? 0) * 100;
  const rounded = percent.toFixed(targetPercent === undefined ? 9 : 12);
  return rounded.replace(/\.?0+$/, '');
}

function serviceOf({ own, value }: Reading, platform: string): string | null {
  const remembered = parsedJson(own.service);
  const service = typeof remembered === 'string' ? remembered : null;
  const isOurs = own.service !== undefined && serviceName({ service, platform }) === value.spec.service;
  return isOurs ? service : value.spec.service;
}

function labelsOf(reading: Reading, { labels = {} }: Metadata): unknown {
  const remembered = parsedJson(reading.own.labels);
  if (typeof remembered === 'object' && remembered !== null) return remembered;
  return Object.fromEntries(
    Object.entries(labels).map(([key, value]) => {
      if (typeof value === 'string') return [key, value];
      if (value.length > 1) reading.warn(['metadata', 'labels', key], 'has several values; they are kept as one text');
      return [key, value.join(',')];
    }),
  );
}

/** What stands in annotations alone. */
function annotated(own: Annotations): Record<string, unknown> {
  return {
    owner: own.owner ?? null,
    sourceId: own.source ?? UNSET,
    ...numberAt('cautionRatio', own['caution-ratio']),
    ...numberAt('freezeRatio', own['freeze-ratio']),
    ...(own.meanings === undefined ? {} : { meanings: parsedJson(own.meanings) }),
    ...(own['exclusion-mode'] === undefined ? {} : { exclusionMode: own['exclusion-mode'] }),
  };
}

function numberAt(field: string, text: string | undefined): Record<string, number> {
  return text === undefined ? {} : { [field]: Number(text) };
}

function sourceOf({ own, collected }: Reading, sli: FoundSli): ReadObjective['source'] {
  const metric: Metric | undefined = sli.spec.thresholdMetric ?? sli.spec.ratioMetric?.total;
  const ref = metric?.metricSource.metricSourceRef;
  const found = ref === undefined ? null : collected.find('DataSource', ref);
  const url = found?.value.spec.connectionDetails['url'];
  const named = readAnnotations(found?.value.metadata.annotations).own.source;
  return { id: own.source ?? named ?? null, url: typeof url === 'string' ? withoutSecrets(url) : null };
}
