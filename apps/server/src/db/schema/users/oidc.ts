import { boolean, index, integer, pgTable, primaryKey, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from '../bytea.ts';
import { users } from '../users.ts';

/** Identity providers people may sign in through (OpenID Connect, found by discovery). The client secret is sealed. */
export const oidcProviders = pgTable(
  'oidc_providers',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    issuer: text().notNull(),
    clientId: text().notNull(),
    sealedSecret: bytea(),
    isEnabled: boolean().notNull(),
    version: integer().notNull().default(1),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('oidc_providers_issuer').on(t.issuer, t.clientId)],
);

/** Who an issuer's subject is here. The address plays no part in it. */
export const oidcIdentities = pgTable(
  'oidc_identities',
  {
    issuer: text().notNull(),
    subject: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    email: text(),
    linkedAt: timestamp({ withTimezone: true }).notNull(),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (t) => [primaryKey({ columns: [t.issuer, t.subject] }), index('oidc_identities_user').on(t.userId)],
);
