import type {
  AlertRules,
  BudgetView,
  CalendarSpec,
  ExclusionMode,
  Freshness,
  Indicator,
  PolicyMeanings,
  SloSummary,
  SloWindowSpec,
  SourceKind,
} from '@qd/shared/slo';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { platforms } from './platforms.ts';

/** Counts up to 2^53 as exact numbers; node-postgres hands int8 over as text. */
const count = customType<{ data: number; driverData: number | string }>({
  dataType: () => 'bigint',
  fromDriver: Number,
});

/** Where measurements come from, and how the last attempt went. */
export const sources = pgTable(
  'sources',
  {
    id: text().primaryKey(),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    kind: text().$type<SourceKind>().notNull(),
    name: text().notNull(),
    /** Base URL of a Prometheus, URL of a /metrics page, null otherwise. */
    url: text(),
    intervalMs: integer().notNull(),
    serverVersion: text(),
    lastOkAt: timestamp({ withTimezone: true }),
    lastTriedAt: timestamp({ withTimezone: true }),
    lastError: text(),
    latencyMs: doublePrecision(),
    isDemo: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('sources_platform_name').on(t.platformId, t.name)],
);

/** Objectives. `sliId` is the small key of the read model. */
export const slos = pgTable(
  'slos',
  {
    id: text().primaryKey(),
    /** Key of the counts of the present revision; a revision that is measured from scratch gets another. */
    sliId: integer().notNull().generatedAlwaysAsIdentity(),
    revision: integer().notNull().default(1),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    sourceId: text()
      .notNull()
      .references(() => sources.id),
    slug: text().notNull(),
    name: text().notNull(),
    description: text().notNull(),
    owner: text(),
    indicator: jsonb().$type<Indicator>().notNull(),
    /** Exact decimal percent, e.g. 99.95. */
    targetPercent: text().notNull(),
    windowMs: bigint({ mode: 'number' }).notNull(),
    /** Where the fixed window's cycle starts. */
    anchorAt: timestamp({ withTimezone: true }).notNull(),
    /** Set when the budget runs over calendar periods; `windowMs` is then the length of the rolling reading. */
    calendar: jsonb().$type<CalendarSpec>(),
    judgedBy: text().$type<BudgetView>().notNull().default('window'),
    otherWindows: jsonb().$type<SloWindowSpec[]>().notNull().default([]),
    /** Null for the default rules. */
    alerting: jsonb().$type<AlertRules>(),
    exclusionMode: text().$type<'auto' | ExclusionMode>().notNull().default('auto'),
    meanings: jsonb().$type<PolicyMeanings>(),
    service: text(),
    labels: jsonb().$type<Record<string, string>>().notNull().default({}),
    cautionRatio: doublePrecision().notNull().default(0.2),
    freezeRatio: doublePrecision().notNull().default(0.1),
    /** Epoch minute of the first bucket ever, null before. */
    measuredSinceMinute: integer(),
    /** Epoch minute up to which the source has been read (exclusive). */
    readUntilMinute: integer(),
    /** Why this objective alone cannot be measured; null when it can. */
    lastError: text(),
    isDemo: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    archivedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('slos_sli').on(t.sliId),
    uniqueIndex('slos_platform_slug').on(t.platformId, t.slug),
    index('slos_source').on(t.sourceId),
  ],
);

/** Cumulative counts at the end of epoch minute `m`; kept 8 days. */
export const sliMinute = pgTable(
  'sli_minute',
  {
    sliId: integer().notNull(),
    m: integer().notNull(),
    total: count().notNull(),
    bad: count().notNull(),
    /** Minutes measured so far; the coverage of a window is a difference too. */
    observed: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sliId, t.m] })],
);

/**
 * The cumulative row in force at each full hour ((m + 1) % 60 = 0), and where excluded time began or ended inside one;
 * kept 13 months.
 */
export const sliHour = pgTable(
  'sli_hour',
  {
    sliId: integer().notNull(),
    m: integer().notNull(),
    total: count().notNull(),
    bad: count().notNull(),
    observed: integer().notNull(),
    /** Cumulative histogram, only where the indicator has one. */
    h: bigint({ mode: 'number' }).array(),
  },
  (t) => [primaryKey({ columns: [t.sliId, t.m] })],
);

/**
 * The list row of each objective, rewritten by the minute tick. Lists hand it on as it was written, so it is kept as
 * text; beside it stands what tells whether it still reads so.
 */
export const sliNow = pgTable('sli_now', {
  sliId: integer().primaryKey(),
  m: integer().notNull(),
  summary: json().$type<SloSummary>().notNull(),
  freshness: text().$type<Freshness>().notNull(),
  /** End of the newest measured minute, epoch ms; null before the first. */
  dataAt: bigint({ mode: 'number' }),
  /** The instant it speaks of. */
  updatedAt: timestamp({ withTimezone: true }).notNull(),
});

/** Points pushed by machines, so that a repeat changes nothing; kept 8 days. */
export const sliPushed = pgTable(
  'sli_pushed',
  {
    sliId: integer().notNull(),
    at: timestamp({ withTimezone: true, precision: 0 }).notNull(),
    good: count().notNull(),
    total: count().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sliId, t.at] })],
);
