import { DomainError } from '@qd/shared/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { ChannelKind, Notifier, OutgoingMessage } from '../adapters/notify/port.ts';
import {
  claimNotifications,
  deleteNotificationsBefore,
  type NotificationOutcome,
  type NotificationRow,
  settleNotification,
} from '../db/queries/notifications.ts';
import type { Ctx } from './context.ts';
import { openLink } from './notices.ts';
import type { Sealing } from './sealing.ts';
import { ingest } from './write.ts';

/** What sending works with. */
export interface Delivery {
  notifiers: ReadonlyMap<ChannelKind, Notifier>;
  /** Where browsers reach the console, without a slash at its end; put in front of a page that is only a path. */
  publicUrl: string | null;
  /** Opens links that were sealed until they go out. */
  sealing: Sealing;
  /** Hears of every attempt. `kind` is the channel without an address. */
  onAttempt(kind: string, outcome: 'sent' | 'retried' | 'failed'): void;
  /** 0..1, for the jitter between attempts. */
  random(): number;
}

const BATCH = 20;
const MAX_BATCHES = 10;
/** Longer than a batch can take in which every message waits for its timeout. */
const CLAIM_MS = 5 * MINUTE_MS;
const FIRST_RETRY_MS = MINUTE_MS;
const MAX_RETRY_MS = HOUR_MS;
/** After this a message is old news. */
const GIVE_UP_MS = DAY_MS;
const KEPT_MS = 30 * DAY_MS;

/**
 * Sends what is due. Channels are served side by side, the messages of one in turn, and a message that fails makes none
 * wait but itself: it comes again after a minute, then twice as long each time up to an hour, for a day. An attempt cut
 * short by a crash is made again, with the same key for the receiver. Gives how many were sent.
 */
export async function deliverDue(ctx: Ctx, delivery: Delivery): Promise<number> {
  let sent = 0;
  for (let i = 0; i < MAX_BATCHES; i += 1) {
    const now = ctx.now();
    const until = new Date(now.getTime() + CLAIM_MS);
    const claimed = await ingest(ctx, (tx) => claimNotifications(tx, { now, until, limit: BATCH }));
    const channels = [...Map.groupBy(claimed, ({ channel }) => channel).values()];
    const counts = await Promise.all(channels.map((rows) => serve(ctx, delivery, rows)));
    sent += counts.reduce((sum, count) => sum + count, 0);
    if (claimed.length < BATCH) break;
  }
  return sent;
}

/** Forgets messages that are kept long enough. */
export async function thinNotifications(ctx: Ctx): Promise<void> {
  await ingest(ctx, (tx) => deleteNotificationsBefore(tx, new Date(ctx.now().getTime() - KEPT_MS)));
}

async function serve(ctx: Ctx, delivery: Delivery, rows: readonly NotificationRow[]): Promise<number> {
  let sent = 0;
  for (const row of rows) {
    const error = await attempt(ctx, delivery, row);
    const outcome = outcomeOf(row, error, { now: ctx.now(), random: delivery.random() });
    await ingest(ctx, (tx) => settleNotification(tx, row, outcome));
    const word = outcome.status === 'queued' ? 'retried' : outcome.status;
    delivery.onAttempt(partsOf(row.channel).kind, word);
    if (word === 'sent') sent += 1;
    else if (word === 'failed')
      ctx.log.error({ err: error, channel: loggedChannel(row.channel), id: row.id }, 'message given up');
  }
  return sent;
}

/** Sends one message. Gives what went wrong, or null. */
async function attempt(ctx: Ctx, delivery: Delivery, row: NotificationRow): Promise<Error | null> {
  const { kind, to } = partsOf(row.channel);
  const notifier = notifierOf(delivery, kind);
  if (notifier === undefined) return new DomainError('invalid', `The channel ${kind} is not configured.`);
  if (isOld(row, ctx.now().getTime())) return new DomainError('invalid', 'It could not be sent for a day.');
  try {
    await notifier.send(messageOf(delivery, row, { to, isLogged: notifier.kind === 'log' }));
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function messageOf(
  { publicUrl, sealing }: Delivery,
  { body: { sealedUrl, ...body }, dedupKey }: NotificationRow,
  { to, isLogged }: { to: string | null; isLogged: boolean },
): OutgoingMessage {
  // Whoever may read the log must not become whom a link is for.
  const path = sealedUrl === undefined || isLogged ? body.url : openLink(sealing, sealedUrl, dedupKey);
  return { ...body, url: pageOf(path, publicUrl), key: dedupKey, to };
}

/** Mail to a person goes to the log where no mail server is configured: whoever runs the console then passes it on. */
function notifierOf({ notifiers }: Delivery, kind: string): Notifier | undefined {
  const all = [...notifiers.values()];
  return all.find((n) => n.kind === kind) ?? (kind === 'email' ? all.find((n) => n.kind === 'log') : undefined);
}

function pageOf(url: string | null, publicUrl: string | null): string | null {
  if (url?.startsWith('/') !== true) return url;
  return publicUrl === null ? null : `${publicUrl}${url}`;
}

function partsOf(channel: string): { kind: string; to: string | null } {
  const colon = channel.indexOf(':');
  return colon === -1 ? { kind: channel, to: null } : { kind: channel.slice(0, colon), to: channel.slice(colon + 1) };
}

/** A channel without what is secret about it: whoever knows the address of a webhook may send to it. */
function loggedChannel(channel: string): string {
  const { kind, to } = partsOf(channel);
  if (kind !== 'webhook' || to === null) return channel;
  return URL.canParse(to) ? `${kind}:${new URL(to).host}` : kind;
}

function outcomeOf(
  row: NotificationRow,
  error: Error | null,
  { now, random }: { now: Date; random: number },
): NotificationOutcome {
  if (error === null) return { status: 'sent', sentAt: now, lastError: null, nextAttemptAt: row.nextAttemptAt };
  const lastError = error.message;
  const next = new Date(now.getTime() + retryMs(row.attempts, random));
  const isHopeless = error instanceof DomainError && error.code === 'invalid';
  if (isHopeless || isOld(row, next.getTime())) {
    return { status: 'failed', sentAt: null, lastError, nextAttemptAt: now };
  }
  return { status: 'queued', sentAt: null, lastError, nextAttemptAt: next };
}

function isOld(row: NotificationRow, atMs: number): boolean {
  return atMs - row.createdAt.getTime() > GIVE_UP_MS;
}

/** Pause (ms) after the given number of attempts: doubled each time, a fifth more or less, so that not all come at once. */
export function retryMs(attempts: number, random: number): number {
  const ms = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.round(ms * (0.8 + 0.4 * random));
}
