import { describeError } from '../../../lib/errors.ts';
import { browserRefusal } from '../../../lib/passkeys.ts';

/** Why an act on one's own account was not done, in one or two sentences. Field faults first: they say most. */
export function refusalWords(error: unknown): string {
  const byBrowser = browserRefusal(error);
  if (byBrowser !== null) return byBrowser;
  const { kind, message, remedy, fields, requestId } = describeError(error);
  if (kind === 'step_up') return 'Nothing was changed: you did not prove that it is you.';
  // A wrong code or password is an answer, not an ended session.
  if (kind === 'unauthenticated' && error instanceof Error) return error.message;
  if (kind === 'bug') return `${message} ${remedy} Request ${requestId ?? 'unknown'}.`;
  if (kind === 'invalid' && fields[0] !== undefined) return fields[0].message;
  return kind === 'network' || kind === 'upstream' || kind === 'rate_limited' ? `${message} ${remedy}` : message;
}

/** The fault of one field, for the line under it; undefined where the refusal names another or none. */
export function fieldFault(error: unknown, field: string): string | undefined {
  if (error === null || error === undefined) return undefined;
  return describeError(error).fields.find((fault) => fault.field === field)?.message;
}
