import type { Failure } from '../../lib/errors.ts';

/** What the server found wrong with a field of a form; undefined where it found nothing. */
export function faultOf(failure: Failure | null, field: string): string | undefined {
  return failure?.fields.find((fault) => fault.field === field)?.message;
}
