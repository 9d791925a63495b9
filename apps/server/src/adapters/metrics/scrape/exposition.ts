import { DomainError } from '@qd/shared/errors';
import type { Labels } from './selector.ts';

/** One sample of a metrics page. */
export interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

/** What a metrics page says of the metrics that were asked for. */
export interface MetricsPage {
  samples: Sample[];
  /** True if the page has the metric, even if no series of it yet. */
  knows(name: string): boolean;
  /** Type of the family a sample name belongs to, e.g. `counter`; null when the page does not say. */
  typeOf(name: string): string | null;
}

const nameShape = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
/** A value, and perhaps a timestamp. */
const valuesShape = /^(\S{1,40})(?:[ \t]+\S{1,40})?[ \t]*$/;
const labelShape = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;
const valueShape = /^(?:NaN|[+-]?Inf(?:inity)?|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
const familySuffix = /_(?:total|count|sum|bucket|created|gcount|gsum)$/;
const MAX_LINE_CHARS = 100_000;

/**
 * Reads a page in the Prometheus text format or in OpenMetrics, keeping the samples whose name is wanted. Timestamps and
 * exemplars are passed over. Throws `upstream`, naming the line, for a page that is neither or was cut off.
 */
export function parseExposition(
  text: string,
  isWanted: (name: string) => boolean,
  isOpenMetrics: boolean,
): MetricsPage {
  const found: Found = { samples: [], types: new Map(), names: new Set() };
  let ended = false;
  let number = 0;
  for (const line of lines(text)) {
    number += 1;
    if (ended || line.length > MAX_LINE_CHARS) throw unreadable(number, line);
    ended = isOpenMetrics && line === '# EOF';
    readLine(line, number, found, isWanted);
  }
  if (isOpenMetrics && !ended) throw new DomainError('upstream', 'The metrics page was cut off: it has no end mark.');
  return pageOf(found);
}

interface Found {
  samples: Sample[];
  types: Map<string, string>;
  names: Set<string>;
}

function pageOf({ samples, types, names }: Found): MetricsPage {
  if (names.size === 0 && types.size === 0) throw new DomainError('upstream', 'The metrics page is empty.');
  const typeOf = (name: string): string | null => types.get(name) ?? types.get(name.replace(familySuffix, '')) ?? null;
  return { samples, knows: (name) => names.has(name) || typeOf(name) !== null, typeOf };
}

function readLine(line: string, number: number, found: Found, isWanted: (name: string) => boolean): void {
  if (line === '') return;
  if (line.startsWith('#')) {
    readComment(line, found.types);
    return;
  }
  const sample = readSample(line, isWanted);
  if (sample === null) throw unreadable(number, line);
  found.names.add(sample.name);
  if (isWanted(sample.name)) found.samples.push(sample);
}

/** Lines without the blanks around them. */
function* lines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    yield (end === -1 ? text.slice(start) : text.slice(start, end)).trim();
    start = end === -1 ? text.length : end + 1;
  }
}

function readComment(line: string, types: Map<string, string>): void {
  const [, keyword, name, type] = line.split(/[ \t]+/, 4);
  if (keyword === 'TYPE' && name !== undefined && type !== undefined) types.set(name, type.trim());
}

/** The sample on a line, or null if there is none. Labels are read only where the name is wanted. */
function readSample(line: string, isWanted: (name: string) => boolean): Sample | null {
  const parts = splitLine(line);
  if (parts === null) return null;
  // An exemplar may follow; it begins with a mark no value holds.
  const value = valuesShape.exec(parts.values.split(' # ', 1)[0] ?? '')?.[1];
  if (value === undefined || !valueShape.test(value)) return null;
  if (!isWanted(parts.name)) return { name: parts.name, labels: {}, value: 0 };
  const labels = readLabels(parts.labels);
  return labels === null ? null : { name: parts.name, labels, value: numberOf(value) };
}

/** Name, text between the braces, and what follows; null if there is no name or the labels are not closed. */
function splitLine(line: string): { name: string; labels: string; values: string } | null {
  const name = nameShape.exec(line)?.[0];
  if (name === undefined) return null;
  const rest = line.slice(name.length).trimStart();
  if (!rest.startsWith('{')) return { name, labels: '', values: rest };
  const close = endOfLabels(rest);
  return close === -1 ? null : { name, labels: rest.slice(1, close), values: rest.slice(close + 1).trimStart() };
}

/** Where the labels that open the text are closed, quotes respected; -1 if they are not. */
function endOfLabels(text: string): number {
  let quoted = false;
  for (let i = 1; i < text.length; i += 1) {
    const char = text[i];
    if (quoted && char === '\\') i += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === '}' && !quoted) return i;
  }
  return -1;
}

function readLabels(inner: string): Labels | null {
  const labels: Record<string, string> = {};
  const text = inner.trim();
  let at = 0;
  while (at < text.length) {
    labelShape.lastIndex = at;
    const parts = labelShape.exec(text);
    if (parts === null) return null;
    const [, label = '', value = ''] = parts;
    labels[label] = value.includes('\\')
      ? value.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
      : value;
    at = labelShape.lastIndex;
  }
  return labels;
}

function numberOf(text: string): number {
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}

function unreadable(line: number, text: string): DomainError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new DomainError('upstream', `The page is no metrics page: line ${line} reads “${shown}”.`);
}
