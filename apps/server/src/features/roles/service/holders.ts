import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import type { HoldersInput, RoleHolder } from '@qd/shared/roles';
import { z } from 'zod';
import type { Ctx } from '../../../platform/context.ts';
import { selectHolderPage, type HolderRow } from '../queries/people.ts';
import { titleOf } from './words.ts';

/** One page of the people who hold a role or a permission, by address, as far as the caller may see roles. Throws `invalid`. */
export async function listHolders(
  ctx: Pick<Ctx, 'db' | 'now' | 'actor'>,
  input: HoldersInput,
): Promise<Page<RoleHolder>> {
  const { role, permission, cursor, limit } = input;
  const seen = platformsWith(ctx.actor.grants, 'roles:read');
  const platform = input.platform === '*' ? null : input.platform;
  const after = cursor === undefined ? null : positionOf(cursor);
  const found = await selectHolderPage(ctx.db, { role, permission, platform, seen, now: ctx.now() }, { after, limit });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows: rows.map(toHolder), nextCursor: last === undefined ? null : markerOf(last) };
}

/** A holder as lists show them. */
export function toHolder(row: HolderRow): RoleHolder {
  const { id, name, email, role, platform, expiresAt } = row;
  return {
    user: { id, name, email },
    role,
    title: titleOf(role, row.title),
    platform,
    expiresAt: expiresAt?.getTime() ?? null,
  };
}

const marker = z.tuple([z.string().max(300), z.string().max(60)]);

function markerOf({ emailKey, grantId }: HolderRow): string {
  return Buffer.from(JSON.stringify([emailKey, grantId])).toString('base64url');
}

/** A marker comes back from outside: its form is checked, and it opens nothing by itself. */
function positionOf(cursor: string): { emailKey: string; grantId: string } {
  try {
    const [emailKey, grantId] = marker.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (`${emailKey}${grantId}`.includes('\0')) throw new RangeError('NUL');
    return { emailKey, grantId };
  } catch (error) {
    const message = 'is not a marker of this list; begin at its first page';
    throw new DomainError('invalid', `cursor ${message}.`, { fields: [{ field: 'cursor', message }], cause: error });
  }
}
