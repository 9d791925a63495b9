import { DomainError } from '@qd/shared/errors';
import {
  builtInRoles,
  isBuiltInRole,
  permissionCatalog,
  permissions as allPermissions,
  platformsWith,
  rolePermissions,
  roleTitles,
  type Permission,
} from '@qd/shared/permissions';
import type { EffectiveRights, ExplainInput, Explanation, GrantPath } from '@qd/shared/roles';
import { selectActingGrantsOf, selectHolders } from '../../../db/queries/holders.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { canGive } from '../../../platform/escalation.ts';
import {
  selectGrantsInFull,
  selectNames,
  selectSeenPerson,
  type GrantInFull,
  type PersonRow,
} from '../queries/people.ts';
import { selectRoles } from '../queries/roles.ts';
import { permissionsGiven, titleOf, whereOf } from './words.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

const GIVERS = 10;
const CANDIDATES = 100;

/**
 * Why a person may do something on a platform: every grant that gives it, who gave that, when, why and until when; or why not,
 * which roles would give it and who could. Throws `forbidden` or `not_found` where the caller may not see roles or the person.
 */
export async function explain(ctx: ReadCtx, input: ExplainInput): Promise<Explanation> {
  const { permission } = input;
  const platform = input.platform === '*' ? null : input.platform;
  assertCan(ctx, 'roles:read', platform);
  const person = await seenPerson(ctx, input.userId, platform);
  const grants = await selectGrantsInFull(ctx.db, person.id, ctx.now());
  const giving = grants.filter(
    (g) =>
      (g.platform === '*' || g.platform === platform) && permissionsGiven(g.role, g.permissions).includes(permission),
  );
  const allowed = person.state === 'active' && giving.length > 0;
  const paths = await pathsOf(ctx, giving);
  return {
    user: person,
    permission,
    sentence: permissionCatalog[permission],
    platform: input.platform,
    allowed,
    because: becauseOf({ person, paths, grants, permission, platform: input.platform }),
    paths,
    rolesThatGive: giving.length > 0 ? [] : await rolesThatGive(ctx, permission),
    couldBeGivenBy: giving.length > 0 ? [] : await givers(ctx, { permission, platform, except: person.id }),
  };
}

async function seenPerson(ctx: ReadCtx, userId: string, platform: string | null): Promise<PersonRow> {
  const seen = platformsWith(ctx.actor.grants, 'roles:read');
  const scope = seen === '*' || platform === null ? seen : seen.filter((p) => p === platform);
  const person = await selectSeenPerson(ctx.db, userId, scope);
  if (person !== null) return person;
  throw new DomainError('not_found', 'There is no such person; look them up again.');
}

function becauseOf(of: {
  person: PersonRow;
  paths: GrantPath[];
  grants: GrantInFull[];
  permission: Permission;
  platform: string;
}): string {
  const { person, paths, grants, permission, platform } = of;
  const [path] = paths;
  if (path === undefined) {
    const elsewhere = grants.filter((g) => permissionsGiven(g.role, g.permissions).includes(permission));
    const words = elsewhere.map((g) => `${titleOf(g.role, g.title)} on ${whereOf(g.platform)}`).join(', ');
    const held = words === '' ? '' : ` It is held elsewhere only: ${words}.`;
    return `No role of ${person.name} gives ${permission} on ${whereOf(platform)}.${held}`;
  }
  if (person.state !== 'active') return `${person.name} is ${person.state}; no role counts until that ends.`;
  const until = path.expiresAt === null ? '' : `, until ${new Date(path.expiresAt).toISOString().slice(0, 16)}Z`;
  return `${person.name} is ${path.title} on ${whereOf(path.platform)}${until}.`;
}

async function pathsOf(ctx: ReadCtx, grants: readonly GrantInFull[]): Promise<GrantPath[]> {
  const names = await selectNames(
    ctx.db,
    grants.flatMap((g) => g.grantedBy ?? []),
  );
  return grants.map((g) => ({
    grantId: g.id,
    role: g.role,
    title: titleOf(g.role, g.title),
    isBuiltIn: isBuiltInRole(g.role),
    platform: g.platform,
    grantedBy: g.grantedBy === null ? null : { id: g.grantedBy, name: names.get(g.grantedBy) ?? null },
    grantedAt: g.createdAt.getTime(),
    reason: g.reason,
    expiresAt: g.expiresAt?.getTime() ?? null,
    origin: g.origin,
  }));
}

async function rolesThatGive(ctx: ReadCtx, permission: Permission): Promise<{ id: string; title: string }[]> {
  const builtIn = builtInRoles
    .filter((role) => rolePermissions[role].includes(permission))
    .map((role) => ({ id: role, title: roleTitles[role] }));
  const made = (await selectRoles(ctx.db)).filter((row) => !row.isArchived && row.permissions.includes(permission));
  return [...builtIn, ...made.map(({ id, title }) => ({ id, title }))];
}

async function givers(
  ctx: ReadCtx,
  of: { permission: Permission; platform: string | null; except: string },
): Promise<Explanation['couldBeGivenBy']> {
  const { permission, platform } = of;
  const now = ctx.now();
  const found = await selectHolders(ctx.db, { permission: 'roles:grant', platform, now, limit: CANDIDATES });
  const candidates = found.filter((holder) => holder.id !== of.except);
  const grants = await selectActingGrantsOf(
    ctx.db,
    candidates.map((holder) => holder.id),
    now,
  );
  return candidates
    .filter(({ id }) => canGive(grants.get(id) ?? [], [permission], platform))
    .slice(0, GIVERS)
    .map(({ id, name, email }) => ({ id, name, email }));
}

/** Everything a person may do, by permission, and the grants behind it, as far as the caller may see roles. Throws `not_found`. */
export async function effectiveRights(ctx: ReadCtx, userId: string): Promise<EffectiveRights> {
  const seen = platformsWith(ctx.actor.grants, 'roles:read');
  const person = await selectSeenPerson(ctx.db, userId, seen);
  if (person === null) throw new DomainError('not_found', 'There is no such person; look them up again.');
  const grants = (await selectGrantsInFull(ctx.db, userId, ctx.now())).filter(
    (g) => seen === '*' || g.platform === '*' || seen.includes(g.platform),
  );
  const scopes = grants.map((g) => ({ platform: g.platform, permissions: permissionsGiven(g.role, g.permissions) }));
  const counted = person.state === 'active' ? scopes : [];
  return {
    user: person,
    grants: await pathsOf(ctx, grants),
    permissions: allPermissions.flatMap((permission) => {
      const held = platformsWith(counted, permission);
      const platforms = held === '*' ? ['*'] : held;
      return platforms.length === 0 ? [] : [{ permission, sentence: permissionCatalog[permission], platforms }];
    }),
  };
}
