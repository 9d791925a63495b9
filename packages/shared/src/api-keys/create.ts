import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { emailAddress, personName, userId } from '../users/index.ts';
import type { LinkWay } from './claims.ts';
import { MAX_CONSUMERS, newConsumer } from './consumers.ts';
import { keyEnvironments, type KeyEnvironment } from './format.ts';
import { addressRanges, keyId, ratePerMin } from './limits.ts';
import { MAX_KEY_LIFE_DAYS, type KeyPolicyFacts } from './policy.ts';
import { keyScopeList, type ScopeView } from './scopes.ts';

const lifeDays = z
  .number()
  .int('use whole days')
  .min(1, 'a key lives at least a day')
  .max(MAX_KEY_LIFE_DAYS, `a key lives at most ${MAX_KEY_LIFE_DAYS} days`);

/** Platform the key may act on, or `*` for all. */
const platform = z.union([platformId, z.literal('*')]);

/** Shown to whoever creates the key, or drawn by whoever is to use it through a link that works once. */
export const keyDelivery = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('show') }),
  z.strictObject({
    kind: z.literal('claim'),
    recipientName: personName,
    recipientEmail: emailAddress,
    /** Mail the link where a mail server is configured; otherwise it is shown once. */
    sendMail: z.boolean().default(true),
  }),
]);
export type KeyDelivery = z.output<typeof keyDelivery>;

const facts = {
  name: personName,
  platform,
  environment: z.enum(keyEnvironments),
  /** Id of the person the key acts for; it dies with that person's rights. Null: a service of its own. */
  ownerId: userId.nullable().default(null),
  ipAllow: addressRanges.default([]),
  rateLimitPerMin: ratePerMin.default(null),
  consumers: z.array(newConsumer).max(MAX_CONSUMERS, `name at most ${MAX_CONSUMERS} consumers`).default([]),
};

/** What a new key is to be. */
export const createKeyInput = z.strictObject({
  ...facts,
  /** Permissions the key carries: of the platform, or of the console. */
  scopes: keyScopeList,
  /** Short name in front of the key; by default that of the platform's policy. */
  prefix: z
    .string()
    .regex(/^[a-z0-9]{2,8}$/, 'use 2 to 8 of a-z and 0-9')
    .optional(),
  /** By default 90 days, or as long as the policy allows if that is less. */
  lifeDays: lifeDays.optional(),
  /** A key whose consumers the new one takes over. */
  copyFrom: keyId.optional(),
  delivery: keyDelivery.default({ kind: 'show' }),
});
export type CreateKeyInput = z.output<typeof createKeyInput>;

/** Shortest and longest text that is taken for a key made elsewhere. */
export const MIN_OPAQUE_LENGTH = 16;
export const MAX_OPAQUE_LENGTH = 128;

/** A key made elsewhere: only its hash is kept. */
export const importKeyInput = z.strictObject({
  ...facts,
  scopes: keyScopeList,
  /** As of a new key, and never beyond one cycle of rotation. */
  lifeDays: lifeDays.optional(),
  /** The whole key as it is sent, printable ASCII without blanks. */
  text: z
    .string()
    .min(MIN_OPAQUE_LENGTH, `a key has at least ${MIN_OPAQUE_LENGTH} characters`)
    .max(MAX_OPAQUE_LENGTH, `a key has at most ${MAX_OPAQUE_LENGTH} characters`)
    .regex(/^[\u0021-\u007e]+$/, 'a key is made of plain letters, digits and signs, without blanks')
    .refine((text) => new Set(text).size >= 8, 'is too simple for a key: use at least 8 different characters'),
});
export type ImportKeyInput = z.output<typeof importKeyInput>;

/** A key of a person's own on a platform, for the person to draw by a link. */
export const deliverKeyInput = z.strictObject({
  ownerId: userId,
  name: personName,
  platform: platformId,
  environment: z.enum(keyEnvironments),
  scopes: keyScopeList,
  lifeDays: lifeDays.optional(),
});
export type DeliverKeyInput = z.output<typeof deliverKeyInput>;

/** Answer of creating: the key, once, or the link by which its secret is drawn. Instants are epoch ms. */
export interface NewKey {
  id: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  expiresAt: number;
  /** The whole key, now and never again; null where a link was made, and for imports. */
  text: string | null;
  claim: NewClaim | null;
}

/** A link that was made. */
export interface NewClaim {
  recipientName: string;
  recipientEmail: string;
  /** `/claim#…`, shown this once; null when it was mailed. */
  path: string | null;
  expiresAt: number;
}

/** A platform somebody may create keys on. */
export interface CreatablePlatform {
  id: string;
  name: string;
  policy: KeyPolicyFacts;
  scopes: ScopeView[];
}

/** What the form for a new key offers. */
export interface CreateOptions {
  platforms: CreatablePlatform[];
  /** Permissions of the console the reader may give, by platform id; `*` for all platforms. */
  consoleScopes: (ScopeView & { platforms: '*' | string[] })[];
  /** True for owners of the console, who may go beyond the policy. */
  isOwner: boolean;
  /** False where links are shown instead of mailed. */
  canMail: boolean;
}

export const ownerScopesInput = z.strictObject({ ownerId: userId, platform });

/** What a key of a person may carry on a platform: what they may do there themselves. */
export interface OwnerScopes {
  scopes: string[];
  email: string;
  name: string;
}

export const deliverOptionsInput = z.strictObject({ ownerId: userId });

/** What may be sent to a person as a key of their own. */
export interface DeliverOptions {
  name: string;
  email: string;
  /** Of the demo: nothing is mailed to them. */
  isDemo: boolean;
  accounts: DeliverAccount[];
}

/** An account a key may be sent for. */
export interface DeliverAccount {
  platform: string;
  platformName: string;
  role: string;
  policy: KeyPolicyFacts;
  scopes: ScopeView[];
  /** How the link would go if the reader made it. */
  way: LinkWay;
}
