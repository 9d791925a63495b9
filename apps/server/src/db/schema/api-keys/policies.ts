import type { KeyPolicyFacts } from '@qd/shared/api-keys';
import { boolean, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from '../platforms.ts';

/** How keys of a platform look, how long they live and when they are rotated. No row: the policy every platform begins with. */
export const keyPolicies = pgTable('key_policies', {
  platform: text()
    .primaryKey()
    .references(() => platforms.id, { onDelete: 'cascade' }),
  policy: jsonb().$type<KeyPolicyFacts>().notNull(),
  isDemo: boolean().notNull().default(false),
  updatedBy: text(),
  updatedAt: timestamp({ withTimezone: true }).notNull(),
});

/** What keys of a platform may be allowed to do there, besides what its roles name. */
export const platformKeyScopes = pgTable(
  'key_scopes',
  {
    platform: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    scope: text().notNull(),
    description: text().notNull(),
    isDemo: boolean().notNull().default(false),
    position: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.platform, t.scope] })],
);
