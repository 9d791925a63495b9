import { randomUUID } from 'node:crypto';
import { visibleText, type NoticeTopic } from '@qd/shared/users';
import type { Tx } from '../db/client.ts';
import type { Ctx } from './context.ts';
import { enqueue, type Notification } from './outbox.ts';
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
  await enqueue(tx, [messageOf(ctx, given, () => ({}))], ctx.now());
}

/**
 * The same with a single-use link, a path like `/invite#…`. It is stored sealed until the mail is out and never logged, so
 * that a copy of the database opens no account.
 */
export async function noticeWithLink(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  sealing: Sealing,
  given: NoticeWithLink,
): Promise<void> {
  await noticesWithLinks(tx, ctx, sealing, [given]);
}

/** A message with a single-use link, and when it falls due if not at once. */
export type NoticeWithLink = Omit<Notice, 'url'> & { link: string; dueAt?: Date };

/** The same for many at once. Spread their `dueAt`: what is due first goes out first, and an alert must not wait behind. */
export async function noticesWithLinks(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  sealing: Sealing,
  given: readonly NoticeWithLink[],
): Promise<void> {
  const messages = given.map(({ link, dueAt, ...rest }) => ({
    ...messageOf(ctx, rest, (key) => ({ sealedUrl: sealedLink(sealing, link, key) })),
    ...(dueAt === undefined ? {} : { dueAt }),
  }));
  await enqueue(tx, messages, ctx.now());
}

/** A message with a single-use link to a channel of somebody's own, e.g. `slack:#ops`. */
export interface ChannelNotice {
  channel: string;
  /** A channel gets a message of the same key once. */
  key: string;
  /** `feature.event`. */
  topic: string;
  title: string;
  text: string;
  link: string;
  platform: string | null;
}

/** Queues messages to channels, like `noticesWithLinks`. Nothing in them is more than a line unless `text` means it. */
export async function channelNotices(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  sealing: Sealing,
  given: readonly ChannelNotice[],
): Promise<void> {
  const at = ctx.now().toISOString();
  const messages = given.map(({ channel, key, link, ...words }) => ({
    channels: [channel],
    dedupKey: key,
    body: {
      ...words,
      severity: 'info' as const,
      url: null,
      sealedUrl: sealedLink(sealing, link, key),
      details: {},
      at,
    },
  }));
  await enqueue(tx, messages, ctx.now());
}

/** Where mail to an address goes. */
export function mailChannel(email: string): string {
  return `email:${email}`;
}

function messageOf(
  ctx: Pick<Ctx, 'now'>,
  { to, topic, title, text, url }: Notice,
  more: (key: string) => { sealedUrl?: string },
): Notification {
  const dedupKey = `notice:${randomUUID()}`;
  const body = {
    topic,
    severity: 'info' as const,
    title,
    text: `Hello ${visibleText(to.name)},\n\n${text}`,
    url: url ?? null,
    platform: null,
    details: {},
    at: ctx.now().toISOString(),
    ...more(dedupKey),
  };
  return { channels: [mailChannel(to.email)], body, dedupKey };
}

function sealedLink(sealing: Sealing, link: string, key: string): string {
  return Buffer.from(sealing.seal(link, placeOf(key))).toString('base64url');
}

/** Reads a link sealed by `noticeWithLink`. Throws when it was changed or moved to another message. */
export function openLink(sealing: Sealing, sealed: string, key: string): string {
  return sealing.open(Buffer.from(sealed, 'base64url'), placeOf(key));
}

const placeOf = (key: string): string => `notifications:${key}`;
