import { createHmac } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { assertTaken } from './http-answer.ts';
import type { HttpDoor, Notifier, OutgoingMessage } from './port.ts';

export interface WebhookOptions {
  /** Where messages go that name no address; null: nowhere. */
  url: URL | null;
  /** Signs every message to `url` when set; whoever else gets one has no secret to check it with. */
  secret: string | null;
  /** The door to a receiver, each with a patience of its own; those users name reach less far. Throws `invalid`. */
  doorTo(url: URL, by: { isNamedByUser: boolean }): HttpDoor;
  close(): void;
  clock(): number;
}

/** Shape of the body; rises when a field changes its meaning. */
const VERSION = 1;

/**
 * Posts messages as JSON. `Idempotency-Key` is the same for every attempt. With a secret, `X-Quarterdeck-Signature` is
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`, so that a receiver can refuse forged and old messages.
 */
export function createWebhookNotifier(options: WebhookOptions): Notifier {
  const { secret } = options;
  return {
    kind: 'webhook',
    async send(message) {
      const url = message.to === null ? options.url : receiverOf(message.to);
      if (url === null) throw new DomainError('invalid', 'No webhook is configured.');
      const by = { isNamedByUser: message.to !== null };
      const door = options.doorTo(url, by);
      await door.run(async (signal) => {
        const json = JSON.stringify(bodyOf(message));
        const headers = { 'idempotency-key': message.key, ...(message.to === null ? signature(json) : {}) };
        assertTaken(`The webhook at ${url.host}`, await door.post({ url, json, headers, signal }), by);
      });
    },
    close: async () => options.close(),
  };

  function signature(json: string): Record<string, string> {
    if (secret === null) return {};
    const seconds = Math.floor(options.clock() / 1_000);
    const hex = createHmac('sha256', secret).update(`${seconds}.${json}`).digest('hex');
    return { 'x-quarterdeck-signature': `t=${seconds},v1=${hex}` };
  }
}

function bodyOf({ to: _nobody, ...message }: OutgoingMessage): object {
  return { version: VERSION, ...message };
}

/** The address of a receiver a message names. Throws `invalid` for what is none. */
function receiverOf(to: string): URL {
  const url = URL.canParse(to) ? new URL(to) : null;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new DomainError('invalid', 'The address of the webhook is no http or https address.');
}
