import { randomBytes } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth, type BetterAuthPlugin } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Db } from '../../apps/server/src/db/client.ts';
import { coreSchema, coreTables } from '../session/peer-tables.ts';

// The table `npx auth generate` makes for the plugin, with the indexes it makes.
const apikey = pgTable('apikey', {
  id: text('id').primaryKey(),
  configId: text('configId').notNull().default('default'),
  name: text('name'),
  start: text('start'),
  referenceId: text('referenceId').notNull(),
  prefix: text('prefix'),
  key: text('key').notNull(),
  refillInterval: integer('refillInterval'),
  refillAmount: integer('refillAmount'),
  lastRefillAt: timestamp('lastRefillAt'),
  enabled: boolean('enabled').default(true),
  rateLimitEnabled: boolean('rateLimitEnabled').default(true),
  rateLimitTimeWindow: integer('rateLimitTimeWindow'),
  rateLimitMax: integer('rateLimitMax'),
  requestCount: integer('requestCount').default(0),
  remaining: integer('remaining'),
  lastRequest: timestamp('lastRequest'),
  expiresAt: timestamp('expiresAt'),
  createdAt: timestamp('createdAt').notNull(),
  updatedAt: timestamp('updatedAt').notNull(),
  permissions: text('permissions'),
  metadata: text('metadata'),
});

const tables = [
  `create table apikey (id text primary key, "configId" text not null default 'default', name text, start text,
    "referenceId" text not null, prefix text, key text not null, "refillInterval" integer, "refillAmount" integer,
    "lastRefillAt" timestamp, enabled boolean default true, "rateLimitEnabled" boolean default true,
    "rateLimitTimeWindow" integer, "rateLimitMax" integer, "requestCount" integer default 0, remaining integer,
    "lastRequest" timestamp, "expiresAt" timestamp, "createdAt" timestamp not null, "updatedAt" timestamp not null,
    permissions text, metadata text)`,
  `create index on apikey ("configId")`,
  `create index on apikey ("referenceId")`,
  `create index on apikey (key)`,
];

const DAY_MS = 86_400_000;
/** Never reached; by default the plugin lets a key through ten times a day. */
const LIMIT = { enabled: true, timeWindow: DAY_MS, maxRequests: 1_000_000_000 };

/** What is called of the plugin. */
interface PeerApi {
  createApiKey(call: { body: object }): Promise<{ key: string }>;
  verifyApiKey(call: { body: object }): Promise<{ valid: boolean }>;
}

/** better-auth over the very database and driver of the console, with so many keys; a call verifies the next one with a scope. */
export async function openPeer(db: Db, keys: number): Promise<() => Promise<void>> {
  for (const table of [...coreTables, ...tables]) await db.execute(sql.raw(table));
  const auth = betterAuth({
    secret: randomBytes(32).toString('base64url'),
    baseURL: 'http://localhost',
    database: drizzleAdapter(db, { provider: 'pg', schema: { ...coreSchema, apikey } }),
    // The plugin is typed against another release of the same helper library; at run time they fit.
    plugins: [apiKey({ rateLimit: LIMIT }) as unknown as BetterAuthPlugin],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
  const api = auth.api as unknown as PeerApi;
  const now = new Date();
  await db
    .insert(coreSchema.user)
    .values({ id: 'peer', name: 'Peer', email: 'peer@example.com', createdAt: now, updatedAt: now });
  const permissions = { miners: ['read'], reports: ['read'] };
  const texts: string[] = [];
  for (let i = 0; i < keys; i += 1) {
    const body = { userId: 'peer', name: `Bench ${i}`, expiresIn: 90 * 86_400, permissions };
    texts.push((await api.createApiKey({ body })).key);
  }
  let next = 0;
  return async () => {
    const body = { key: texts[next++ % texts.length] ?? '', permissions: { miners: ['read'] } };
    const { valid } = await api.verifyApiKey({ body });
    if (!valid) throw new Error('better-auth does not know its key');
  };
}
