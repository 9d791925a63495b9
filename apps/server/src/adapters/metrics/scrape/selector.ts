import { DomainError } from '@qd/shared/errors';
import { RE2JS } from 're2js';

/** Labels of one series, without the metric name. */
export type Labels = Readonly<Record<string, string>>;

/** A series selector such as `http_requests_total{status=~"5.."}`. */
export interface Selector {
  name: string;
  /** Each label matcher in one spelling, so that equal ones can be told. */
  matchers: readonly string[];
  matches(labels: Labels): boolean;
}

const MAX_MATCHERS = 30;
const MAX_PATTERN_CHARS = 500;
const nameShape = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const matcherShape =
  /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)\s*(,|(?=\}))/;
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

type Test = (labels: Labels) => boolean;

/**
 * Reads a selector as Prometheus writes it: a metric name and label matchers. Patterns are anchored and matched in
 * linear time. Throws `invalid`, saying where, for anything else, functions included.
 */
export function parseSelector(text: string): Selector {
  const trimmed = text.trim();
  const name = nameShape.exec(trimmed)?.[0];
  if (name === undefined) throw refusal(text, 'must start with the name of a metric');
  const rest = trimmed.slice(name.length).trimStart();
  if (rest === '') return { name, matchers: [], matches: () => true };
  if (rest.startsWith('(')) {
    throw refusal(
      text,
      'is a function; give the counter itself, such as http_requests_total{job="api"}: the increase is taken here',
    );
  }
  if (!rest.startsWith('{')) {
    throw refusal(text, `has “${rest.slice(0, 20)}” after the name, where only {labels} may stand`);
  }
  const matchers = readMatchers(text, rest.slice(1));
  return {
    name,
    matchers: matchers.map(({ spelling }) => spelling),
    matches: (labels) => matchers.every(({ test }) => test(labels)),
  };
}

/** Reads what follows the opening brace, up to the end of the text. */
function readMatchers(text: string, inner: string): { spelling: string; test: Test }[] {
  const matchers: { spelling: string; test: Test }[] = [];
  let rest = inner.trimStart();
  while (!rest.startsWith('}')) {
    const parts = matcherShape.exec(rest);
    if (parts === null) {
      throw refusal(text, `cannot be read at “${rest.slice(0, 20)}”; write labels like {status="500"}`);
    }
    const [whole, label = '', operator = '=', quoted = ''] = parts;
    const value = unquote(quoted);
    matchers.push({ spelling: `${label}${operator}${value}`, test: testOf(text, label, operator, value) });
    if (matchers.length > MAX_MATCHERS) throw refusal(text, `has more than ${MAX_MATCHERS} label matchers`);
    rest = rest.slice(whole.length).trimStart();
  }
  const after = rest.slice(1).trim();
  if (after !== '') throw refusal(text, `has “${after.slice(0, 20)}” after the labels; give the plain selector`);
  return matchers;
}

function testOf(text: string, label: string, operator: string, value: string): Test {
  const read = (labels: Labels): string => labels[label] ?? '';
  if (operator === '=') return (labels) => read(labels) === value;
  if (operator === '!=') return (labels) => read(labels) !== value;
  const pattern = compile(text, value);
  const wanted = operator === '=~';
  return (labels) => pattern.matches(read(labels)) === wanted;
}

function compile(text: string, pattern: string): RE2JS {
  if (pattern.length > MAX_PATTERN_CHARS)
    throw refusal(text, `has a pattern longer than ${MAX_PATTERN_CHARS} characters`);
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refusal(text, `has a pattern that cannot be read: ${why}`, error);
  }
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return quoted.startsWith('`') ? inner : inner.replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}

function refusal(text: string, why: string, cause?: unknown): DomainError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new DomainError('invalid', `“${shown}” ${why}.`, { cause, fields: [{ field: 'indicator', message: why }] });
}
