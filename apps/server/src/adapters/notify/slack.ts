import { assertTaken } from './http-answer.ts';
import type { HttpDoor, Notifier, OutgoingMessage } from './port.ts';

export interface SlackOptions {
  /** Address of an incoming webhook; it is a secret as a whole. */
  url: URL;
  /** Overrides the channel the webhook was made for, where the workspace allows it; so does the address of a message. */
  channel: string | null;
  door: HttpDoor;
}

/** Slack cuts blocks off at 3,000 characters and refuses headers over 150. */
const MAX_TEXT = 2_900;
const MAX_TITLE = 150;

const signs: Record<OutgoingMessage['severity'], string> = { page: '🔴', ticket: '🟠', info: '⚪' };

/** Posts messages to a Slack incoming webhook: one header, one paragraph, one line of context. */
export function createSlackNotifier({ url, channel, door }: SlackOptions): Notifier {
  return {
    kind: 'slack',
    send: (message) =>
      door.run(async (signal) => {
        const place = message.to ?? channel;
        const json = JSON.stringify({ ...(place === null ? {} : { channel: place }), ...bodyOf(message) });
        assertTaken('Slack', await door.post({ url, json, headers: {}, signal }));
      }),
    close: async () => door.close(),
  };
}

function bodyOf({ title, text, severity, platform, url, at }: OutgoingMessage): object {
  const head = cut(`${signs[severity]} ${title}`, MAX_TITLE);
  const context = [platform, at, url].filter((part) => part !== null).join(' · ');
  return {
    // What notifications and clients without blocks show.
    text: escaped(`${head}: ${text}`),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: head, emoji: true } },
      { type: 'section', text: { type: 'mrkdwn', text: escaped(text) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: escaped(context) }] },
    ],
  };
}

/** Text in which Slack sees no mention, link or entity, cut off where it gets too long, and never inside of one. */
function escaped(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe.length <= MAX_TEXT ? safe : `${cut(safe, MAX_TEXT).replace(/(?:&[a-z]*)?…$/, '')}…`;
}

/** The beginning of a text, whole characters only. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
