import { randomUUID } from 'node:crypto';
import { visibleText, type NoticeTopic } from '@qd/shared/users';
import type { Tx } from '../db/client.ts';
import type { Ctx } from './context.ts';
import { enqueue } from './outbox.ts';
import type { Sealing } from './sealing.ts';

/** One message to the person an event concerns. Its words come from `noticeWords(topic, facts)`. */
export interface Notice {
  to: { email: string; name: string };
  topic: NoticeTopic;
  title: string;
  text: string;
  /** Page of the console, as a path like `/users/usr_1`; delivery puts the console's address in front. Never a secret. */
  url?: string | null;
}

/**
 * Queues mail to one person in the transaction of the change it speaks of: it goes out if that is committed, and only
 * then. Where no mail server is configured it is written to the log.
 */
export async function notice(tx: Tx, ctx: Pick<Ctx, 'now'>, given: Notice): Promise<void> {
  await queue(tx, ctx, given, () => ({}));
}

/**
 * The same with a single-use link, a path like `/invite#…`. It is stored sealed until the mail is out and never logged, so
 * that a copy of the database opens no account.
 */
export async function noticeWithLink(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  sealing: Sealing,
  given: Omit<Notice, 'url'> & { link: string },
): Promise<void> {
  const { link, ...rest } = given;
  await queue(tx, ctx, rest, (key) => ({ sealedUrl: sealedLink(sealing, link, key) }));
}

async function queue(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  { to, topic, title, text, url }: Notice,
  more: (key: string) => { sealedUrl?: string },
): Promise<void> {
  const now = ctx.now();
  const dedupKey = `notice:${randomUUID()}`;
  const body = {
    topic,
    severity: 'info' as const,
    title,
    text: `Hello ${visibleText(to.name)},\n\n${text}`,
    url: url ?? null,
    platform: null,
    details: {},
    at: now.toISOString(),
    ...more(dedupKey),
  };
  await enqueue(tx, [{ channels: [`email:${to.email}`], body, dedupKey }], now);
}

function sealedLink(sealing: Sealing, link: string, key: string): string {
  return Buffer.from(sealing.seal(link, placeOf(key))).toString('base64url');
}

/** Reads a link sealed by `noticeWithLink`. Throws when it was changed or moved to another message. */
export function openLink(sealing: Sealing, sealed: string, key: string): string {
  return sealing.open(Buffer.from(sealed, 'base64url'), placeOf(key));
}

const placeOf = (key: string): string => `notifications:${key}`;
