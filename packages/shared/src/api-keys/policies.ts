import { z } from 'zod';
import { isPermission } from '../permissions/index.ts';
import { platformId } from '../platforms/index.ts';
import { refuseKeys } from '../users/text.ts';
import { keyPolicyFacts, type KeyPolicyFacts } from './policy.ts';
import type { ScopeView } from './scopes.ts';

/** Most scopes a platform adds for keys. */
export const MAX_ADDED_SCOPES = 40;

const addedScope = z.strictObject({
  scope: z
    .string()
    .trim()
    .max(100, 'is too long')
    .regex(/^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/, 'is written like billing:read')
    .refine((scope) => !isPermission(scope), 'is a permission of the console; give it another name'),
  description: z
    .string()
    .trim()
    .min(3, 'say in a few words what it allows')
    .max(120, 'use at most 120 characters')
    .superRefine(refuseKeys),
});

export const keyPolicyInput = z.strictObject({ platform: platformId });

/** The policy of a platform; `seenAt` is the change the sender saw last (`updatedAt`, epoch ms; null: none). */
export const setKeyPolicyInput = z.strictObject({
  platform: platformId,
  seenAt: z.number().int().nullable(),
  policy: keyPolicyFacts,
  scopes: z
    .array(addedScope)
    .max(MAX_ADDED_SCOPES, `add at most ${MAX_ADDED_SCOPES} scopes`)
    .refine((scopes) => new Set(scopes.map((s) => s.scope)).size === scopes.length, 'name each scope once'),
});
export type SetKeyPolicyInput = z.output<typeof setKeyPolicyInput>;

/** How keys of a platform are made. Instants are epoch ms. */
export interface KeyPolicyView {
  platform: string;
  platformName: string;
  policy: KeyPolicyFacts;
  /** Scopes added for keys. */
  scopes: { scope: string; description: string }[];
  /** All scopes a key may carry there. */
  catalog: ScopeView[];
  updatedAt: number | null;
  canChange: boolean;
}
