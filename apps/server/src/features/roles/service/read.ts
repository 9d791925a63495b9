import { DomainError } from '@qd/shared/errors';
import {
  builtInRoles,
  isBuiltInRole,
  permissionCatalog,
  platformsWith,
  rolePermissions,
  roleTitles,
  type Permission,
} from '@qd/shared/permissions';
import {
  humanPermissions,
  type MatrixCell,
  type RoleDetail,
  type RoleMatrix,
  type RoleSummary,
} from '@qd/shared/roles';
import type { PersonRef } from '@qd/shared/users';
import { selectRole } from '../../../db/queries/roles.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectNames } from '../queries/people.ts';
import { countHolders, selectRoles, selectRolesOnOwnPlatformOnly, type SeenGrants } from '../queries/roles.ts';
import { roleSummary } from './words.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Grants the reader may see. */
function seenGrants({ actor, now }: ReadCtx): SeenGrants {
  return { seen: platformsWith(actor.grants, 'roles:read'), now: now() };
}

const builtInWords: Readonly<Record<(typeof builtInRoles)[number], string>> = {
  owner: 'Everything a person can do here, the audit log’s retention included',
  admin: 'Everything but pruning the audit log',
  commander: 'Leads incidents, excuses budgets, decides about requests',
  operator: 'Records deploys and excludes maintenance',
  support: 'Helps people in: invites, suspends, resets and assigns',
  stakeholder: 'Watches objectives and deploys',
  auditor: 'Reads, verifies and exports everything, and changes nothing',
};

/**
 * Every role: the built-in ones, then those made here by title, archived ones last, each with how many people hold it where
 * the reader may see roles. At most a few hundred; not paged.
 */
export async function listRoles(ctx: ReadCtx): Promise<RoleSummary[]> {
  const holders = await countHolders(ctx.db, seenGrants(ctx));
  const builtIn = builtInRoles.map((role) => builtInSummary(role, holders.get(role) ?? 0));
  const made = (await selectRoles(ctx.db)).map((row) => roleSummary(row, holders.get(row.id) ?? 0));
  return [...builtIn, ...made];
}

function builtInSummary(role: (typeof builtInRoles)[number], holders: number): RoleSummary {
  return {
    id: role,
    title: roleTitles[role],
    description: builtInWords[role],
    isBuiltIn: true,
    isArchived: false,
    base: null,
    permissions: [...rolePermissions[role]],
    holders,
    version: 0,
    updatedAt: null,
  };
}

/** One role with the sentence of each permission. Throws `not_found`. */
export async function getRole(ctx: ReadCtx, id: string): Promise<RoleDetail> {
  const holders = (await countHolders(ctx.db, seenGrants(ctx))).get(id) ?? 0;
  if (isBuiltInRole(id)) {
    const nobodys = { createdBy: null, createdAt: null, may: { edit: false, archive: false } };
    return { ...withSentences(builtInSummary(id, holders)), ...nobodys };
  }
  const row = await selectRole(ctx.db, id);
  if (row === null) throw new DomainError('not_found', 'There is no such role; load the list again.');
  const mayWrite = ctx.actor.grants.some((g) => g.permissions.includes('roles:write')) && !row.isArchived;
  return {
    ...withSentences(roleSummary(row, holders)),
    createdBy: await refOf(ctx, row.createdBy),
    createdAt: row.createdAt.getTime(),
    may: { edit: mayWrite, archive: mayWrite && holders === 0 },
  };
}

function withSentences(summary: RoleSummary): RoleSummary & Pick<RoleDetail, 'sentences'> {
  const sentences = summary.permissions.map((permission) => ({ permission, sentence: permissionCatalog[permission] }));
  return { ...summary, sentences };
}

async function refOf(ctx: ReadCtx, id: string | null): Promise<PersonRef | null> {
  return id === null ? null : { id, name: (await selectNames(ctx.db, [id])).get(id) ?? null };
}

/** Whose act always takes a second person, whoever holds it: pruning the log. */
const withSecondApprover: ReadonlySet<Permission> = new Set<Permission>(['audit:retention']);

/** What each role may do, by feature. A role that is held on single platforms only says so. */
export async function roleMatrix(ctx: ReadCtx): Promise<RoleMatrix> {
  const roles = (await listRoles(ctx)).filter((role) => !role.isArchived);
  const limited = new Set(await selectRolesOnOwnPlatformOnly(ctx.db, seenGrants(ctx)));
  const cell = (role: RoleSummary, permission: Permission): MatrixCell => {
    if (!role.permissions.includes(permission)) return 'none';
    if (withSecondApprover.has(permission)) return 'second_approver';
    return limited.has(role.id) ? 'own_platform' : 'allowed';
  };
  const features = [...new Set(humanPermissions.map(featureOf))];
  return {
    roles: roles.map(({ id, title, isBuiltIn, holders }) => ({ id, title, isBuiltIn, holders })),
    groups: features.map((feature) => ({
      feature,
      rows: humanPermissions
        .filter((permission) => featureOf(permission) === feature)
        .map((permission) => ({
          permission,
          sentence: permissionCatalog[permission],
          cells: roles.map((role) => cell(role, permission)),
        })),
    })),
  };
}

function featureOf(permission: Permission): string {
  return permission.split(':')[0] ?? permission;
}
