import { z } from 'zod';
import { HOUR_MS } from '../time/index.ts';
import { linkToken } from '../users/index.ts';
import type { KeyEnvironment } from './format.ts';
import { keyId } from './limits.ts';
import type { ScopeView } from './scopes.ts';

/** How long a claim link works. */
export const CLAIM_MS = 72 * HOUR_MS;

export const claimTokenInput = z.strictObject({ token: linkToken });

/** The newest link of a key. */
export const claimKeyInput = z.strictObject({ keyId });
export const resendClaimInput = z.strictObject({ keyId, sendMail: z.boolean().default(true) });

/** How a link reaches its recipient: by mail, by hand of whoever made it, or not at all where that one may not see it. */
export type LinkWay = 'mailed' | 'shown' | 'refused';

/** What the holder of a link sees before drawing the key. Instants are epoch ms. */
export interface ClaimView {
  keyId: string;
  keyName: string;
  recipientName: string;
  platform: string;
  platformName: string;
  environment: KeyEnvironment;
  scopes: ScopeView[];
  createdBy: string;
  /** End of the key. */
  keyExpiresAt: number | null;
  /** End of the link. */
  expiresAt: number;
  /** How long an old key works beside a new one, in days. */
  overlapDays: number;
}

/** A key that was drawn; `text` is shown now and never again. */
export interface DrawnKey {
  keyId: string;
  text: string;
}

/** Where the link of a key stands. Instants are epoch ms. */
export interface ClaimStanding {
  state: 'waiting' | 'claimed' | 'cancelled' | 'lapsed';
  recipientName: string;
  recipientEmail: string;
  createdAt: number;
  expiresAt: number;
  claimedAt: number | null;
  /** False for readers who may not take it back. */
  canChange: boolean;
  /** How a new one made by the reader would go. */
  way: LinkWay;
}
