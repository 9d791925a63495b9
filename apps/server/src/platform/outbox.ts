import { randomUUID } from 'node:crypto';
import { maskedKeys } from '@qd/shared/api-keys';
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
 * sends them a few seconds later. No key that somebody typed into a reason or a name leaves with them.
 */
export async function enqueue(tx: Tx, messages: readonly Notification[], now: Date): Promise<void> {
  const rows = messages.flatMap(({ channels, body, dedupKey, dueAt: nextAttemptAt = now }) =>
    channels.map((channel) => ({
      id: `ntf_${randomUUID()}`,
      channel,
      body: withoutKeys(body),
      dedupKey,
      createdAt: now,
      nextAttemptAt,
    })),
  );
  await insertNotifications(tx, rows);
}

function withoutKeys(body: NotificationBody): NotificationBody {
  const { title, text, details } = body;
  return {
    ...body,
    title: maskedKeys(title),
    text: maskedKeys(text),
    details: JSON.parse(maskedKeys(JSON.stringify(details))) as NotificationBody['details'],
  };
}
