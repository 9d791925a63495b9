import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

/** What a message says, whatever channel carries it. */
export interface NotificationBody {
  /** `feature.event`, e.g. `slo.alert_fired`. */
  topic: string;
  severity: 'page' | 'ticket' | 'info';
  title: string;
  text: string;
  /** Page of the console it is about. */
  url: string | null;
  /** A single-use link for the receiver instead of `url`: sealed, base64url, taken out once the message is settled. */
  sealedUrl?: string;
  platform: string | null;
  /** Figures for machines. */
  details: Record<string, unknown>;
  at: string;
}

/** Messages on their way out: written with the change they speak of, sent by a job, kept 30 days. */
export const notifications = pgTable(
  'notifications',
  {
    id: text().primaryKey(),
    /** Name of the channel, or an address of it: `slack`, `webhook`, `email:someone@example.com`. */
    channel: text().notNull(),
    body: jsonb().$type<NotificationBody>().notNull(),
    /** The same message is never queued twice. */
    dedupKey: text().notNull(),
    status: text({ enum: ['queued', 'sent', 'failed'] }).notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: timestamp({ withTimezone: true }).notNull(),
    lastError: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    sentAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('notifications_dedup').on(t.channel, t.dedupKey),
    index('notifications_due')
      .on(t.nextAttemptAt)
      .where(sql`status = 'queued'`),
  ],
);
