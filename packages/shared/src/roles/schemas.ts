import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { isPermission, type Permission } from '../permissions/index.ts';
import { LAST_INSTANT_MS } from '../time/index.ts';
import { actReason, grantPlatform, MAX_NAME_LENGTH, personName, roleName, userId } from '../users/index.ts';
import { humanPermissions } from './diff.ts';
import { looksLikeBuiltIn } from './titles.ts';

/** Longest title of a role, in characters. */
export const MAX_TITLE_LENGTH = 60;

/** Id of a role made here. */
export const customRoleId = z.string().regex(/^role_[A-Za-z0-9_-]{4,40}$/, 'is no role made here; built-in ones stay');

/** What a role is called: visible, and like no built-in role. */
export const roleTitle = personName.superRefine((title, context) => {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
  const twin = looksLikeBuiltIn(title);
  if ([...title].length > MAX_TITLE_LENGTH) refuse(`use at most ${MAX_TITLE_LENGTH} characters`);
  if (!/[\p{L}\p{N}]/u.test(title)) refuse('use letters');
  if (twin !== null) refuse(`looks like the built-in role ${twin}; call it otherwise`);
});

/** What a role is for, in one line; may be empty. */
export const roleDescription = z.union([z.literal(''), personName], `use at most ${MAX_NAME_LENGTH} characters`);

/** Permissions of a role, each once, none that only machines hold. */
export const rolePermissionSet = z
  .array(
    z
      .string()
      .max(60)
      .refine(isPermission, 'is no permission; see the list')
      .refine((p) => (humanPermissions as readonly string[]).includes(p), 'is for machines only')
      .transform((p): Permission => p as Permission),
  )
  .max(humanPermissions.length * 2, 'names too many permissions')
  .transform((list) => humanPermissions.filter((p) => list.includes(p)))
  .refine((list) => list.length > 0, 'name at least one permission');

/** A new role, as a rule cloned from another. */
export const createRoleInput = z.strictObject({
  title: roleTitle,
  description: roleDescription.default(''),
  permissions: rolePermissionSet,
  /** The role it was cloned from. */
  base: roleName.nullable().default(null),
  reason: actReason,
});
export type CreateRoleInput = z.output<typeof createRoleInput>;

/** A change of a role; `version` is the one the caller saw. */
export const updateRoleInput = z.strictObject({
  id: customRoleId,
  version: z.number().int().positive(),
  title: roleTitle,
  description: roleDescription,
  permissions: rolePermissionSet,
  reason: actReason,
});
export type UpdateRoleInput = z.output<typeof updateRoleInput>;

export const archiveRoleInput = z.strictObject({
  id: customRoleId,
  version: z.number().int().positive(),
  reason: actReason,
});
export type ArchiveRoleInput = z.output<typeof archiveRoleInput>;

/** Any role, by name or id. */
export const roleInput = z.strictObject({ id: roleName });

/** What a change of a role would do. */
export const previewRoleInput = z.strictObject({ id: customRoleId, permissions: rolePermissionSet });
export type PreviewRoleInput = z.output<typeof previewRoleInput>;

/** A role for a person, on one platform or on all, and why. */
export const giveRoleInput = z.strictObject({
  userId,
  role: roleName,
  platform: grantPlatform,
  reason: actReason,
  /** End of the grant (epoch ms); null: until it is taken back. */
  expiresAt: z.number().int().positive().max(LAST_INSTANT_MS, 'must be before the year 10000').nullable().default(null),
});
export type GiveRoleInput = z.output<typeof giveRoleInput>;

export const takeRoleInput = giveRoleInput.omit({ expiresAt: true });
export type TakeRoleInput = z.output<typeof takeRoleInput>;

const permission = z.string().max(60).refine(isPermission, 'is no permission; see the list');

/** Who holds a role, or a permission, on a platform (`*`: on all of them; left out: anywhere). */
export const holdersInput = pageInput
  .extend({ role: roleName.optional(), permission: permission.optional(), platform: grantPlatform.optional() })
  .refine((input) => (input.role === undefined) !== (input.permission === undefined), {
    error: 'name either a role or a permission',
    path: ['role'],
  });
export type HoldersInput = z.output<typeof holdersInput>;

/** Why a person may, or may not, do something on a platform (`*`: on all of them). */
export const explainInput = z.strictObject({ userId, permission, platform: grantPlatform });
export type ExplainInput = z.output<typeof explainInput>;

export const effectiveInput = z.strictObject({ userId });
