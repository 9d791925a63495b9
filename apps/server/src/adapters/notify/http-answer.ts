import { DomainError } from '@qd/shared/errors';

/** Statuses with which a receiver says that this very message is at fault; all others may be put right by time or people. */
const hopeless = new Set([400, 410, 413, 415, 422]);
const SHOWN = 200;

/**
 * Passes for 2xx. Throws `invalid` when the message will never be taken, else `upstream`. `name` is how messages call the receiver;
 * what it said is kept of those whoever runs the console chose, never of those users name: the words could be anybody's.
 */
export function assertTaken(
  name: string,
  { status, text }: { status: number; text: string },
  { isNamedByUser = false }: { isNamedByUser?: boolean } = {},
): void {
  if (status >= 200 && status < 300) return;
  const said = (isNamedByUser ? classOf(status) : text).trim().replaceAll(/\s+/g, ' ').slice(0, SHOWN);
  const words = `${name} answered ${status}${said === '' ? '' : `: ${said}`}.`;
  throw new DomainError(hopeless.has(status) ? 'invalid' : 'upstream', words);
}

function classOf(status: number): string {
  if (status >= 500) return 'it has trouble of its own';
  return status >= 400 ? 'it refuses the message' : 'no answer of a receiver';
}
