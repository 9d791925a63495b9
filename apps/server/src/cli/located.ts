import { DomainError, type FieldError } from '@qd/shared/errors';
import { MAX_EXCHANGE_CHARS } from '@qd/shared/slo';
import { readText, type TextDocument } from '../features/slo/service/exchange/read-text.ts';

/** A file of definitions: a platform file, or OpenSLO documents. */
export type DefinitionFile = { kind: 'platform'; document: TextDocument } | { kind: 'openslo'; text: string };

/** Reads a file and tells by its content what it is. Throws `invalid` naming file and line. */
export function readDefinitionFile(file: string, text: string): DefinitionFile {
  if (text.length > MAX_EXCHANGE_CHARS)
    throw new DomainError('invalid', `${file} has more than ${MAX_EXCHANGE_CHARS} characters; split it.`);
  const { documents, faults } = readText(text);
  const [first] = documents;
  if (faults.length > 0 || first === undefined) {
    const fields = faults.map(({ line, message }) => ({ field: placeName(file, line), message }));
    throw new DomainError('invalid', `Nothing was stored: ${file} cannot be read.`, { fields });
  }
  if (documents.some(({ value }) => typeof value === 'object' && value !== null && 'apiVersion' in value))
    return { kind: 'openslo', text };
  if (documents.length === 1) return { kind: 'platform', document: first };
  throw new DomainError(
    'invalid',
    `${file} holds ${documents.length} documents that are not OpenSLO; a platform file is one.`,
  );
}

/** Where a fault stands, e.g. `slo.yaml:12`. */
export function placeName(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}

/** The same error with file and line before each of its fields. */
export function located(error: unknown, file: string, document: TextDocument): unknown {
  if (!(error instanceof DomainError) || error.fields.length === 0) return error;
  const fields = error.fields.map(({ field, message }): FieldError => {
    const place = placeName(file, document.lineOf(pathOf(field)));
    return { field: field === '' ? place : `${place} ${field}`, message };
  });
  return new DomainError(error.code, `Nothing was stored from ${file}:`, { fields, cause: error });
}

/** `slos[2].target` as a path. */
export function pathOf(field: string): (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) =>
    index === undefined ? text : Number(index),
  );
}
