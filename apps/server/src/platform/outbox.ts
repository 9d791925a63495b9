import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/client.ts';
import { insertNotifications } from '../db/queries/notifications.ts';
import type { NotificationBody } from '../db/schema/notifications.ts';

export type { NotificationBody } from '../db/schema/notifications.ts';

/** One message and where it goes. */
export interface Notification {
  /** Names of channels, or addresses of them: `slack`, `email:someone@example.com`. */
  channels: readonly string[];
  body: NotificationBody;
  /** A channel gets a message of the same key once, however often it is queued. */
  dedupKey: string;
  /** When it falls due; at once unless said. */
  dueAt?: Date;
}

/**
 * Queues messages in the transaction of the change they speak of: they go out if it is committed, and only then. A job
 * sends them a few seconds later.
 */
export async function enqueue(tx: Tx, messages: readonly Notification[], now: Date): Promise<void> {
  const rows = messages.flatMap(({ channels, body, dedupKey, dueAt: nextAttemptAt = now }) =>
    channels.map((channel) => ({ id: `ntf_${randomUUID()}`, channel, body, dedupKey, createdAt: now, nextAttemptAt })),
  );
  await insertNotifications(tx, rows);
}
