import type { ImportFault } from '@qd/shared/slo';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

const MAX_DOCUMENTS = 2_000;
const MAX_DEPTH = 50;
/** Brackets that are open at once; queries hold some that are no nesting. */
const MAX_OPEN = 200;
const MAX_MARKS = 100_000;
const TOO_DEEP = 'nests too deep or repeats itself by too many aliases; write it out';
const MAX_ALIASES = 100;
const MAX_SYNTAX_FAULTS = 20;
const MAX_QUOTED = 40;
/** The parser reports running out of stack as a fault of the text. */
const OUT_OF_STACK = 'call stack';

/** One document of a text, and where its fields stand. */
export interface TextDocument {
  value: unknown;
  /** Line (from 1) of the field at a path, or of the nearest one that is there. */
  lineOf(path: readonly (string | number)[]): number | null;
}

/** The documents of a text, or what is wrong with it; then there are none. */
export interface ReadText {
  documents: TextDocument[];
  faults: ImportFault[];
}

/**
 * Reads YAML 1.2 or JSON: several documents, one, or a list of them. Text that nests too deep, repeats itself by aliases
 * beyond measure or holds too many documents is refused, as is whatever is not valid.
 */
export function readText(text: string): ReadText {
  const excess = excessOf(text);
  if (excess !== null) return refused(excess);
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      lineCounter: lines,
      prettyErrors: false,
      // The parser compares every key with all before it; `lookedThrough` finds the same in one pass.
      uniqueKeys: false,
    });
    const documents = (Array.isArray(parsed) ? parsed : []).filter(({ contents }) => contents !== null);
    const faults = parsed.flatMap((document, i) => syntaxFaults(document, i + 1, lines));
    if (faults.some(({ message }) => message.includes(OUT_OF_STACK))) throw new TooDeep();
    if (faults.length === 0) faults.push(...parsed.flatMap((document, i) => twinFaults(document, i + 1, lines)));
    if (faults.length > 0) return { documents: [], faults: faults.slice(0, MAX_SYNTAX_FAULTS) };
    return bounded(documents.flatMap((document) => textDocuments(document, lines)));
  } catch (error) {
    // The parser recurses by depth, and refuses aliases that expand beyond measure with an error of its own.
    if (!(error instanceof RangeError || error instanceof ReferenceError || error instanceof TooDeep)) throw error;
    return refused(TOO_DEEP);
  }
}

/**
 * What makes a text too much to parse in reasonable time, told by its marks alone; null when nothing does. Marks inside
 * quotes count too, which only makes the bounds a little tighter.
 */
function excessOf(text: string): string | null {
  const marks = [...text.matchAll(/[\n,[\]{}]|- (?=- )/g)];
  if (marks.length > MAX_MARKS) return `has too many entries (over ${MAX_MARKS}); split it`;
  let open = 0;
  let dashes = 0;
  for (const [mark] of marks) {
    if ('[{'.includes(mark)) open += 1;
    if (']}'.includes(mark)) open = Math.max(0, open - 1);
    dashes = mark === '- ' ? dashes + 1 : 0;
    if (open > MAX_OPEN || dashes > MAX_DEPTH) return TOO_DEEP;
  }
  const documents = text.match(/^---(?=\s|$)/gm)?.length ?? 0;
  return documents > MAX_DOCUMENTS ? `has ${documents} documents; at most ${MAX_DOCUMENTS} at once, split it` : null;
}

function bounded(documents: TextDocument[]): ReadText {
  if (documents.length === 0) return refused('has no documents');
  if (documents.length > MAX_DOCUMENTS)
    return refused(`has ${documents.length} documents; at most ${MAX_DOCUMENTS} at once, split it`);
  return { documents, faults: [] };
}

function refused(message: string): ReadText {
  return { documents: [], faults: [{ document: 1, line: null, field: '', message: `the text ${message}` }] };
}

function syntaxFaults(document: Document.Parsed, number: number, lines: LineCounter): ImportFault[] {
  return document.errors.map((error) => ({
    document: number,
    line: lines.linePos(error.pos[0]).line,
    field: '',
    message: `is not valid YAML: ${error.message}`,
  }));
}

function twinFaults(document: Document.Parsed, number: number, lines: LineCounter): ImportFault[] {
  return lookedThrough(document.contents).map(({ key, offset }) => ({
    document: number,
    line: lines.linePos(offset).line,
    field: '',
    message: `is not valid YAML: “${key.slice(0, MAX_QUOTED)}” is there already; keys of a map must be unique`,
  }));
}

function textDocuments(document: Document.Parsed, lines: LineCounter): TextDocument[] {
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  const lineUnder =
    (prefix: readonly number[]): TextDocument['lineOf'] =>
    (path) =>
      lineAt(document, [...prefix, ...path], lines);
  if (!Array.isArray(value)) return [{ value, lineOf: lineUnder([]) }];
  return value.map((one: unknown, i) => ({ value: one, lineOf: lineUnder([i]) }));
}

function lineAt(document: Document.Parsed, path: readonly (string | number)[], lines: LineCounter): number | null {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? null;
  for (const key of path) {
    const step = child(isAlias(node) ? node.resolve(document) : node, key);
    if (step === null) break;
    offset = step.offset ?? offset;
    node = step.value;
  }
  return offset === null ? null : lines.linePos(offset).line;
}

function child(node: unknown, key: string | number): { value: unknown; offset: number | null } | null {
  if (isSeq(node)) {
    const value = node.items[Number(key)] as Node | undefined;
    return value === undefined ? null : { value, offset: value.range?.[0] ?? null };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
  if (pair === undefined || !isScalar(pair.key)) return null;
  return { value: pair.value, offset: pair.key.range?.[0] ?? null };
}

class TooDeep extends Error {}

/** A key that its map has before. */
interface Twin {
  key: string;
  offset: number;
}

/**
 * Walks without recursion, so that the walk itself cannot run out of stack. Gives keys that come twice in one map, as
 * text: `1` and `"1"` would be the same field. Throws `TooDeep`.
 */
function lookedThrough(contents: unknown): Twin[] {
  const twins: Twin[] = [];
  const open: { node: unknown; depth: number }[] = [{ node: contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > MAX_DEPTH) throw new TooDeep();
    if (isSeq(node)) for (const item of node.items) open.push({ node: item, depth: depth + 1 });
    if (!isMap(node)) continue;
    for (const item of node.items) open.push({ node: item.value, depth: depth + 1 });
    if (twins.length < MAX_SYNTAX_FAULTS) twins.push(...twinsOf(node.items.map(({ key }) => key)));
  }
  return twins.slice(0, MAX_SYNTAX_FAULTS);
}

function twinsOf(keys: readonly unknown[]): Twin[] {
  const seen = new Set<string>();
  const twins: Twin[] = [];
  for (const node of keys) {
    if (!isScalar(node)) continue;
    const key = String(node.value);
    if (seen.has(key) && twins.length < MAX_SYNTAX_FAULTS) twins.push({ key, offset: node.range?.[0] ?? 0 });
    seen.add(key);
  }
  return twins;
}
