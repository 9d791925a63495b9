import { and, asc, eq, inArray, lt, lte, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { notifications } from '../schema/index.ts';

/** One message for one channel. */
export type NotificationRow = typeof notifications.$inferSelect;

/** A message to queue; `nextAttemptAt` is when it falls due. */
export type NewNotification = Pick<
  NotificationRow,
  'id' | 'channel' | 'body' | 'dedupKey' | 'createdAt' | 'nextAttemptAt'
>;

/** Queues messages; one that its channel was given before is left out. */
export async function insertNotifications(tx: Tx, rows: readonly NewNotification[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(notifications)
    .values(rows.map((row) => ({ ...row, status: 'queued' as const })))
    .onConflictDoNothing();
}

/** Takes back messages of a topic that have not gone out, those of the channels; gives how many. */
export async function withdrawNotifications(tx: Tx, topic: string, channels: readonly string[]): Promise<number> {
  const { id, channel, status, body } = notifications;
  const gone = await tx
    .delete(notifications)
    .where(
      and(
        eq(status, 'queued'),
        sql`${channel} = any(${sql.param(channels)}::text[])`,
        sql`${body} ->> 'topic' = ${topic}`,
      ),
    )
    .returning({ id });
  return gone.length;
}

/**
 * Takes up to `limit` messages that are due, the longest waiting first, counts an attempt for each and hides them until
 * `until`: two that claim at once never get the same one, and a claim whose holder died comes due again.
 */
export async function claimNotifications(
  tx: Tx,
  claim: { now: Date; until: Date; limit: number },
): Promise<NotificationRow[]> {
  const due = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.status, 'queued'), lte(notifications.nextAttemptAt, claim.now)))
    .orderBy(asc(notifications.nextAttemptAt), asc(notifications.id))
    .limit(claim.limit)
    .for('update', { skipLocked: true });
  if (due.length === 0) return [];
  const ids = due.map(({ id }) => id);
  const claimed = await tx
    .update(notifications)
    .set({ attempts: sql`${notifications.attempts} + 1`, nextAttemptAt: claim.until })
    .where(inArray(notifications.id, ids))
    .returning();
  return claimed.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** What became of a claimed message. */
export type NotificationOutcome = Pick<NotificationRow, 'status' | 'nextAttemptAt' | 'lastError' | 'sentAt'>;

/**
 * Records the outcome of one claim; a link in it goes once it is settled. False when the claim had run out and another
 * attempt was begun.
 */
export async function settleNotification(
  tx: Tx,
  claimed: Pick<NotificationRow, 'id' | 'attempts'>,
  outcome: NotificationOutcome,
): Promise<boolean> {
  const settled = await tx
    .update(notifications)
    .set({
      ...outcome,
      ...(outcome.status === 'queued' ? {} : { body: sql`${notifications.body} - 'sealedUrl'` }),
    })
    .where(
      and(
        eq(notifications.id, claimed.id),
        eq(notifications.attempts, claimed.attempts),
        eq(notifications.status, 'queued'),
      ),
    )
    .returning({ id: notifications.id });
  return settled.length === 1;
}

/** Forgets messages queued before the instant, sent or not. Gives how many. */
export async function deleteNotificationsBefore(tx: Tx, before: Date): Promise<number> {
  const gone = await tx
    .delete(notifications)
    .where(lt(notifications.createdAt, before))
    .returning({ id: notifications.id });
  return gone.length;
}

/** How a channel fared. */
export interface ChannelState {
  channel: string;
  lastSentAt: Date | null;
  queued: number;
  /** Given up since the instant asked for. */
  failed: number;
  /** Of the latest attempt that failed and that no later message got through after. */
  lastError: string | null;
}

/** How each of these channels fared, by channel; those that never had a message are left out. */
export async function channelStates(
  db: ReadDb,
  channels: readonly string[],
  failedSince: Date,
): Promise<Map<string, ChannelState>> {
  if (channels.length === 0) return new Map();
  const { channel, status, sentAt, lastError, nextAttemptAt } = notifications;
  const failedAfterSent = sql`${status} = 'queued' or ${nextAttemptAt} >= (
    select coalesce(max(s.sent_at), '-infinity') from notifications s where s.channel = ${notifications}.channel)`;
  const rows = await db
    .select({
      channel,
      lastSentAt: sql<string | null>`max(${sentAt})`.mapWith(sentAt),
      queued: sql<number>`count(*) filter (where ${status} = 'queued')::int`,
      failed: sql<number>`count(*) filter (where ${status} = 'failed' and ${nextAttemptAt} >= ${failedSince.toISOString()}::timestamptz)::int`,
      lastError: sql<
        string | null
      >`(array_agg(${lastError} order by ${nextAttemptAt} desc) filter (where ${lastError} is not null and ${status} <> 'sent' and (${failedAfterSent})))[1]`,
    })
    .from(notifications)
    .where(inArray(channel, [...channels]))
    .groupBy(channel);
  return new Map(rows.map((row) => [row.channel, row]));
}
