import type { SloDefinition } from '../definition.ts';
import { slugOf } from '../platform-file.ts';
import type { BurnRowSpec, SourceKind } from '../types.ts';
import { writeAnnotations } from './annotations.ts';
import { API_VERSION, type ConditionSpec, type OpenSloDocument } from './documents.ts';
import { durationText } from './durations.ts';
import { renderIndicator, renderWindow } from './render.ts';

const MAX_NAME = 63;
const LABEL = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/;

/** A source as the data source of a document names it; its address carries no secret. */
export interface ExportedSource {
  id: string;
  platformId: string;
  kind: SourceKind;
  name: string;
  url: string | null;
}

/**
 * Objectives as OpenSLO v1 documents: their data sources and services first. What OpenSLO cannot say stands in
 * annotations, so that reading the documents gives the same definitions again.
 */
export function toOpenSlo(
  definitions: readonly SloDefinition[],
  sources: readonly ExportedSource[],
): OpenSloDocument[] {
  const names = new Set<string>();
  const sourceNames = new Map(sources.map((source) => [source.id, uniqueName(source.id, names)]));
  const services = new Map<string, string>();
  const slos = definitions.map((definition) => {
    const service = serviceName(definition);
    services.set(service, definition.service ?? definition.platform);
    const name = uniqueName(`${definition.platform}-${definition.slug}`, names);
    return sloDocument(definition, { name, service, source: sourceNames.get(definition.sourceId) ?? 'source' });
  });
  return [
    ...sources.map((source) => dataSource(source, sourceNames.get(source.id) ?? 'source')),
    ...[...services].map(([name, displayName]) => document('Service', { name, displayName }, {})),
    ...slos,
  ];
}

/** The name a service has in documents; free text is made to fit. */
export function serviceName({ service, platform }: Pick<SloDefinition, 'service' | 'platform'>): string {
  return trimmed(slugOf(service ?? platform)) || 'service';
}

function document<K extends OpenSloDocument['kind']>(
  kind: K,
  metadata: OpenSloDocument['metadata'],
  spec: OpenSloDocument<K>['spec'],
): OpenSloDocument<K> {
  return { apiVersion: API_VERSION, kind, metadata, spec };
}

function dataSource({ id, platformId, kind, name, url }: ExportedSource, as: string): OpenSloDocument<'DataSource'> {
  const annotations = writeAnnotations({ platform: platformId, source: id, kind });
  const type = kind === 'push' ? 'quarterdeck-push' : 'Prometheus';
  const connectionDetails = url === null ? {} : { url: withoutSecrets(url) };
  return document('DataSource', { name: as, displayName: name, annotations }, { type, connectionDetails });
}

/** An address without user, password and query. */
export function withoutSecrets(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1').replace(/[?#].*$/s, '');
}

function sloDocument(
  definition: SloDefinition,
  { name, service, source }: { name: string; service: string; source: string },
): OpenSloDocument<'SLO'> {
  const { indicator, windows, alerting, labels } = definition;
  const [first] = windows;
  if (first === undefined) throw new RangeError('an objective has at least one window');
  const plain = Object.entries(labels).filter(([key, value]) => key !== '' && LABEL.test(key) && LABEL.test(value));
  const rendered = renderIndicator(indicator, source);
  const annotations = writeAnnotations({
    platform: definition.platform,
    slug: definition.slug,
    source: definition.sourceId,
    ...(definition.owner === null ? {} : { owner: definition.owner }),
    service: JSON.stringify(definition.service),
    indicator: JSON.stringify(indicator),
    windows: JSON.stringify(windows),
    alerting: JSON.stringify(alerting),
    'caution-ratio': String(definition.cautionRatio),
    'freeze-ratio': String(definition.freezeRatio),
    meanings: JSON.stringify(definition.meanings),
    'exclusion-mode': definition.exclusionMode,
    ...(plain.length === Object.keys(labels).length ? {} : { labels: JSON.stringify(labels) }),
  });
  const { description } = definition;
  const rows = alerting.policy === 'custom' ? alerting.rows : [];
  return document(
    'SLO',
    {
      name,
      displayName: definition.name,
      ...(plain.length === 0 ? {} : { labels: Object.fromEntries(plain) }),
      annotations,
    },
    {
      ...(description === '' ? {} : { description }),
      service,
      indicator: { metadata: { name }, spec: rendered.spec },
      timeWindow: [renderWindow(first)],
      budgetingMethod: rendered.budgetingMethod,
      objectives: [{ ...rendered.objective, targetPercent: Number(definition.targetPercent) }],
      ...(rows.length === 0 ? {} : { alertPolicies: rows.flatMap((row, i) => policiesOf(row, i + 1)) }),
    },
  );
}

/** OpenSLO knows one window per condition, so a pair becomes two policies that name each other. */
function policiesOf(row: BurnRowSpec, number: number): NonNullable<OpenSloDocument<'SLO'>['spec']['alertPolicies']> {
  return (['long', 'short'] as const).map((window) => {
    const name = `burn-${number}-${window}`;
    const spec: ConditionSpec = {
      severity: row.severity,
      condition: {
        kind: 'burnrate',
        op: 'gte',
        threshold: row.limit,
        lookbackWindow: durationText(window === 'long' ? row.longMs : row.shortMs),
      },
    };
    return {
      kind: 'AlertPolicy',
      metadata: { name, annotations: writeAnnotations({ row: String(number), window }) },
      spec: { conditions: [{ kind: 'AlertCondition', metadata: { name }, spec }] },
    };
  });
}

function trimmed(text: string): string {
  return text.slice(0, MAX_NAME).replace(/^-+|-+$/g, '');
}

/** A name that fits and that no other document has. */
function uniqueName(text: string, taken: Set<string>): string {
  const base = trimmed(slugOf(text)) || 'slo';
  let name = base;
  for (let i = 2; taken.has(name); i += 1) name = `${trimmed(base.slice(0, MAX_NAME - 6))}-${i}`;
  taken.add(name);
  return name;
}
