import { boolean, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

// The tables `npx auth generate` makes for the core of better-auth 1.7, with the indexes it makes.
const user = pgTable('user', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('emailVerified').notNull().default(false),
  image: text('image'),
  createdAt: timestamp('createdAt').notNull(),
  updatedAt: timestamp('updatedAt').notNull(),
});
const session = pgTable(
  'session',
  {
    id: text('id').primaryKey(),
    expiresAt: timestamp('expiresAt').notNull(),
    token: text('token').notNull(),
    createdAt: timestamp('createdAt').notNull(),
    updatedAt: timestamp('updatedAt').notNull(),
    ipAddress: text('ipAddress'),
    userAgent: text('userAgent'),
    userId: text('userId').notNull(),
  },
  (t) => [uniqueIndex('session_token').on(t.token), index('session_user').on(t.userId)],
);
const account = pgTable('account', {
  id: text('id').primaryKey(),
  accountId: text('accountId').notNull(),
  providerId: text('providerId').notNull(),
  userId: text('userId').notNull(),
  accessToken: text('accessToken'),
  refreshToken: text('refreshToken'),
  idToken: text('idToken'),
  accessTokenExpiresAt: timestamp('accessTokenExpiresAt'),
  refreshTokenExpiresAt: timestamp('refreshTokenExpiresAt'),
  scope: text('scope'),
  password: text('password'),
  createdAt: timestamp('createdAt').notNull(),
  updatedAt: timestamp('updatedAt').notNull(),
});
const verification = pgTable('verification', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: timestamp('expiresAt').notNull(),
  createdAt: timestamp('createdAt').notNull(),
  updatedAt: timestamp('updatedAt').notNull(),
});

/** The tables as better-auth's adapter is given them. */
export const coreSchema = { user, session, account, verification };

/** The statements that make them. */
export const coreTables: readonly string[] = [
  `create table "user" (id text primary key, name text not null, email text not null unique,
    "emailVerified" boolean not null default false, image text, "createdAt" timestamp not null, "updatedAt" timestamp not null)`,
  `create table "session" (id text primary key, "expiresAt" timestamp not null, token text not null unique,
    "createdAt" timestamp not null, "updatedAt" timestamp not null, "ipAddress" text, "userAgent" text,
    "userId" text not null references "user"(id) on delete cascade)`,
  `create index on "session" ("userId")`,
  `create table "account" (id text primary key, "accountId" text not null, "providerId" text not null,
    "userId" text not null references "user"(id) on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
    "accessTokenExpiresAt" timestamp, "refreshTokenExpiresAt" timestamp, scope text, password text,
    "createdAt" timestamp not null, "updatedAt" timestamp not null)`,
  `create table "verification" (id text primary key, identifier text not null, value text not null,
    "expiresAt" timestamp not null, "createdAt" timestamp not null, "updatedAt" timestamp not null)`,
];
