import { createHmac } from 'node:crypto';
import { assertTaken } from './http-answer.ts';
import type { HttpDoor, Notifier, OutgoingMessage } from './port.ts';

export interface WebhookOptions {
  url: URL;
  /** Signs every message when set. */
  secret: string | null;
  door: HttpDoor;
  clock(): number;
}

/** Shape of the body; rises when a field changes its meaning. */
const VERSION = 1;

/**
 * Posts messages as JSON. `Idempotency-Key` is the same for every attempt. With a secret, `X-Quarterdeck-Signature` is
 * `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`, so that a receiver can refuse forged and old messages.
 */
export function createWebhookNotifier(options: WebhookOptions): Notifier {
  const { url, secret, door } = options;
  return {
    kind: 'webhook',
    send: (message) =>
      door.run(async (signal) => {
        const json = JSON.stringify(bodyOf(message));
        const headers = { 'idempotency-key': message.key, ...signature(json) };
        assertTaken(`The webhook at ${url.host}`, await door.post({ url, json, headers, signal }));
      }),
    close: async () => door.close(),
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
