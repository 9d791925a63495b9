import { z } from 'zod';
import { actReason } from '../users/index.ts';
import type { KeyEnvironment } from './format.ts';
import { keyId } from './limits.ts';
import { overlapDays } from './rotation-schemas.ts';

/** Most keys that are rotated in one act. */
export const MAX_ROTATED_AT_ONCE = 100;

const keyIds = z
  .array(keyId)
  .min(1, 'name at least one key')
  .max(MAX_ROTATED_AT_ONCE, `at most ${MAX_ROTATED_AT_ONCE} keys at once`)
  .transform((ids) => [...new Set(ids)]);

/** Days both keys work; by the policy of each platform when left out. */
const overlap = overlapDays.optional();

export const previewManyRotationsInput = z.strictObject({ keyIds, overlapDays: overlap });
export type PreviewManyRotationsInput = z.output<typeof previewManyRotationsInput>;

export const startManyRotationsInput = z.strictObject({ keyIds, overlapDays: overlap, reason: actReason });
export type StartManyRotationsInput = z.output<typeof startManyRotationsInput>;

/** What rotating one of several keys would do. Instants are epoch ms. */
export interface ManyRotationCandidate {
  keyId: string;
  /** The id again for a key there is not, or that the reader may not rotate. */
  name: string;
  platform: string | null;
  environment: KeyEnvironment | null;
  consumers: number;
  /** Address the link to draw the new key is mailed to; null where the key is left out, as are the three after it. */
  sentTo: string | null;
  overlapDays: number | null;
  deadlineAt: number | null;
  /** True when the old key's own expiry cuts the overlap short. */
  isCutByExpiry: boolean;
  /** Why it is left out; null when it is not. */
  refusal: string | null;
}

/** What rotating several keys would do, in the order they were named. */
export interface ManyRotationsPreview {
  /** False where nothing is mailed, so that no key can be rotated with others. */
  canMail: boolean;
  candidates: ManyRotationCandidate[];
}

/** What became of one of several keys. Instants are epoch ms. */
export interface ManyRotationVerdict {
  keyId: string;
  name: string;
  isStarted: boolean;
  /** Why it was not; null when it was. */
  message: string | null;
  newKeyId: string | null;
  /** Address the link was mailed to. */
  sentTo: string | null;
  /** When the old key ends. */
  endsAt: number | null;
}
