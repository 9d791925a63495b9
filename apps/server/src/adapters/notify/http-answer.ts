import { DomainError } from '@qd/shared/errors';

/** Statuses with which a receiver says that this very message is at fault; all others may be put right by time or people. */
const hopeless = new Set([400, 410, 413, 415, 422]);
const SHOWN = 200;

/** Passes for 2xx. Throws `invalid` when the message will never be taken, else `upstream`. `name` is how messages call the receiver. */
export function assertTaken(name: string, { status, text }: { status: number; text: string }): void {
  if (status >= 200 && status < 300) return;
  const said = text.trim().replaceAll(/\s+/g, ' ').slice(0, SHOWN);
  const words = `${name} answered ${status}${said === '' ? '' : `: ${said}`}.`;
  throw new DomainError(hopeless.has(status) ? 'invalid' : 'upstream', words);
}
