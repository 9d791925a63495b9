import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS } from '../time/index.ts';
import { hiddenCharacterAt, personName, userId } from '../users/index.ts';
import { MAX_EVERY_DAYS, secretCadences, secretStates, type SecretCadence, type SecretState } from './cadence.ts';
import { refuseValue } from './value-guard.ts';

const MAX_PROSE = 1_000;
const MAX_LINK = 500;

/** Text of some lines that never holds a value; may be empty. */
const prose = z
  .string()
  .trim()
  .max(MAX_PROSE, { error: `use at most ${MAX_PROSE} characters`, abort: true })
  .superRefine((text, context) => {
    const position = hiddenCharacterAt(text.replaceAll(/[\t\n\r]/g, ' '));
    if (position === null) return;
    context.addIssue({ code: 'custom', message: `has a hidden character at position ${position}; type it again` });
  })
  .superRefine(refuseValue);

const httpsUrl = z.url({ protocol: /^https$/ }).regex(/^https:\/\/[^/?#@\s\\]+(?:[/?#][^\s\\]*)?$/);

/** An https link without a name and password in it. */
const link = z
  .string()
  .trim()
  .max(MAX_LINK, { error: `use at most ${MAX_LINK} characters`, abort: true })
  .refine((text) => httpsUrl.safeParse(text).success, 'use a link that begins with https:// and holds no password')
  .superRefine(refuseValue);

/** Names one secret of the register. */
export const secretId = z.string().regex(/^sec_[\w-]{1,80}$/, 'names no secret');

/** What the register says of a secret; never its value. */
const facts = {
  /** As the platform calls it, e.g. `POSTGRES_PASSWORD`. */
  name: personName.superRefine(refuseValue),
  description: prose.default(''),
  /** Person of the console who answers for it. */
  ownerId: userId.nullable().default(null),
  /** Who answers for it where no person of the console does. */
  ownerName: z.union([z.literal(''), personName.superRefine(refuseValue)]).default(''),
  procedure: prose.default(''),
  procedureUrl: link.nullable().default(null),
  cadence: z.enum(secretCadences),
  /** Days between rotations with cadence `days`; null with every other. */
  everyDays: z
    .number()
    .int('use whole days')
    .min(1, 'at least one day')
    .max(MAX_EVERY_DAYS, `at most ${MAX_EVERY_DAYS} days`)
    .nullable()
    .default(null),
};

function refuseContradictions(
  secret: { cadence: SecretCadence; everyDays: number | null; ownerId: string | null; ownerName: string },
  context: z.RefinementCtx,
): void {
  if ((secret.cadence === 'days') !== (secret.everyDays !== null)) {
    const message = secret.cadence === 'days' ? 'say after how many days' : 'only goes with the cadence of days';
    context.addIssue({ code: 'custom', path: ['everyDays'], message });
  }
  if (secret.ownerId !== null && secret.ownerName !== '') {
    context.addIssue({
      code: 'custom',
      path: ['ownerName'],
      message: 'name one owner: a person here, or somebody else',
    });
  }
}

const instant = z.int('must be an instant in ms').min(0).max(LAST_INSTANT_MS, 'must be before the year 10000');

/** A new entry of the register. */
export const createSecretInput = z
  .strictObject({ platform: platformId, ...facts, lastRotatedAt: instant.nullable().default(null) })
  .superRefine(refuseContradictions);
export type CreateSecretInput = z.output<typeof createSecretInput>;

/** A change of an entry; `seenAt` is the `updatedAt` the caller saw. */
export const updateSecretInput = z
  .strictObject({ id: secretId, seenAt: instant, ...facts })
  .superRefine(refuseContradictions);
export type UpdateSecretInput = z.output<typeof updateSecretInput>;

/** A rotation that was done, with what shows it. */
export const recordRotationInput = z.strictObject({
  id: secretId,
  rotatedAt: instant,
  evidence: prose.pipe(z.string().min(3, 'say what shows the rotation, in at least 3 characters')),
  evidenceUrl: link.nullable().default(null),
});
export type RecordRotationInput = z.output<typeof recordRotationInput>;

export const archiveSecretInput = z.strictObject({ id: secretId, seenAt: instant });
export type ArchiveSecretInput = z.output<typeof archiveSecretInput>;

/** Entries by platform and name; archived ones only when asked for. */
export const listSecretsInput = pageInput
  .extend({
    platform: platformId.optional(),
    states: z.array(z.enum(secretStates)).max(secretStates.length).optional(),
    archived: z.boolean().default(false),
  })
  .strict();
export type ListSecretsInput = z.output<typeof listSecretsInput>;

/** One entry with a page of its rotations, the latest first. */
export const getSecretInput = pageInput.extend({ id: secretId }).strict();
export type GetSecretInput = z.output<typeof getSecretInput>;

export const addScheduleInput = z.strictObject({ platform: platformId });

/** An entry as lists show it. Instants are epoch ms. */
export interface SecretView {
  id: string;
  platform: string;
  name: string;
  description: string;
  ownerId: string | null;
  /** Name of the person, or who else answers for it; empty where nobody does. */
  owner: string;
  procedure: string;
  procedureUrl: string | null;
  cadence: SecretCadence;
  everyDays: number | null;
  lastRotatedAt: number | null;
  nextDueAt: number | null;
  state: SecretState;
  isDemo: boolean;
  createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
}

/** One rotation that was recorded. Instants are epoch ms. */
export interface SecretRotationView {
  id: string;
  rotatedAt: number;
  evidence: string;
  evidenceUrl: string | null;
  /** Name of who recorded it, null where nobody knows. */
  recordedBy: string | null;
  recordedAt: number;
}

/** How many entries stand where, archived ones left out. */
export type SecretCounts = Record<SecretState, number>;
