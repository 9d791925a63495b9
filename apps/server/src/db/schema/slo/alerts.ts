import type { AlertKind, AlertState, AlertTransition, BurnTier } from '@qd/shared/slo';
import { boolean, index, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from '../platforms.ts';
import { slos } from '../slo.ts';

/** What each alert of each objective is at; rewritten by the job that evaluates them. */
export const sloAlerts = pgTable(
  'slo_alerts',
  {
    sloId: text()
      .notNull()
      .references(() => slos.id, { onDelete: 'cascade' }),
    kind: text().$type<AlertKind>().notNull(),
    state: text().$type<AlertState>().notNull(),
    severity: text({ enum: ['page', 'ticket'] }).notNull(),
    tier: text().$type<BurnTier>(),
    firedAt: timestamp({ withTimezone: true }).notNull(),
    changedAt: timestamp({ withTimezone: true }).notNull(),
    summary: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sloId, t.kind] })],
);

/** Every change of an alert, for timelines; kept 13 months. */
export const sloAlertEvents = pgTable(
  'slo_alert_events',
  {
    id: text().primaryKey(),
    sloId: text()
      .notNull()
      .references(() => slos.id, { onDelete: 'cascade' }),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    kind: text().$type<AlertKind>().notNull(),
    transition: text().$type<AlertTransition>().notNull(),
    severity: text({ enum: ['page', 'ticket'] }).notNull(),
    tier: text().$type<BurnTier>(),
    at: timestamp({ withTimezone: true }).notNull(),
    firedAt: timestamp({ withTimezone: true }).notNull(),
    summary: text().notNull(),
    details: jsonb().$type<Record<string, unknown>>().notNull(),
    isDemo: boolean().notNull().default(false),
  },
  (t) => [
    index('slo_alert_events_platform_at').on(t.platformId, t.at),
    index('slo_alert_events_slo_at').on(t.sloId, t.at),
  ],
);
