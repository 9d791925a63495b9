import { DomainError } from '@qd/shared/errors';

/** The row a page of the log begins before; null for the first page. Throws `invalid` for a cursor that came from elsewhere. */
export function seqOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const seq = /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : null;
  if (seq !== null) return seq;
  throw new DomainError('invalid', 'This page marker is not one of this list; load the list again.', {
    fields: [{ field: 'cursor', message: 'is not a marker of this list' }],
  });
}
