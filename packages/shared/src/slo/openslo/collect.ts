import type { z } from 'zod';
import { API_VERSION, documentSchema, type OpenSloDocument, type OpenSloKind, openSloKinds } from './documents.ts';

/** A fault or a remark; the document is counted from 1. */
export interface OpenSloFault {
  document: number;
  path: (string | number)[];
  message: string;
}

/** A document that was understood. */
export interface Placed<K extends OpenSloKind = OpenSloKind> {
  document: number;
  value: OpenSloDocument<K>;
}

/** Documents by kind and name, so that they can refer to each other. */
export interface Collected {
  /** One per document, in order; kind and name as far as they could be read. */
  heads: { document: number; kind: string; name: string }[];
  find<K extends OpenSloKind>(kind: K, name: string): Placed<K> | null;
  slos: Placed<'SLO'>[];
  faults: OpenSloFault[];
}

/** Checks each document by the rules of its kind. */
export function collect(values: readonly unknown[]): Collected {
  const byName = new Map<string, Placed>();
  const slos: Placed<'SLO'>[] = [];
  const faults: OpenSloFault[] = [];
  const heads = values.map((value, i) => {
    const document = i + 1;
    const read = readDocument(value, document);
    faults.push(...read.faults);
    if (read.value !== null) {
      const key = `${read.value.kind} ${read.value.metadata.name}`;
      const twin = byName.get(key);
      if (twin !== undefined) {
        const message = `“${read.value.metadata.name}” is the name of document ${twin.document} too; choose another`;
        faults.push({ document, path: ['metadata', 'name'], message });
      }
      byName.set(key, { document, value: read.value });
      if (isKind(read.value, 'SLO')) slos.push({ document, value: read.value });
    }
    return { document, kind: textAt(value, 'kind'), name: textAt(member(value, 'metadata'), 'name') };
  });
  return {
    heads,
    slos,
    faults,
    find(kind, name) {
      const found = byName.get(`${kind} ${name}`);
      return found !== undefined && isKind(found.value, kind) ? { document: found.document, value: found.value } : null;
    },
  };
}

function isKind<K extends OpenSloKind>(value: OpenSloDocument, kind: K): value is OpenSloDocument<K> {
  return value.kind === kind;
}

function readDocument(value: unknown, document: number): { value: OpenSloDocument | null; faults: OpenSloFault[] } {
  const fault = (path: (string | number)[], message: string) => ({
    value: null,
    faults: [{ document, path, message }],
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fault([], 'is not an OpenSLO document: it has no fields');
  const version = textAt(value, 'apiVersion');
  if (version !== API_VERSION) {
    if (version === '') return fault(['apiVersion'], `is missing: write ${API_VERSION}`);
    return fault(['apiVersion'], `“${version}” is not supported yet; write ${API_VERSION}`);
  }
  const kind = openSloKinds.find((known) => known === textAt(value, 'kind'));
  if (kind === undefined) return fault(['kind'], `is one of ${openSloKinds.join(', ')}`);
  const parsed = documentSchema(kind).safeParse(value);
  if (!parsed.success)
    return { value: null, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, document)) };
  // The schema was chosen by this kind, which the compiler cannot follow through the lookup.
  return { value: parsed.data as OpenSloDocument, faults: [] };
}

function faultsOf(issue: z.core.$ZodIssue, document: number): OpenSloFault[] {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code !== 'unrecognized_keys') return [{ document, path, message: issue.message }];
  return issue.keys.map((key) => ({
    document,
    path: [...path, key],
    message: 'is not a field of OpenSLO v1; remove it',
  }));
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function textAt(value: unknown, key: string): string {
  const found = member(value, key);
  return typeof found === 'string' ? found : '';
}
