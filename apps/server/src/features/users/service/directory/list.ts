import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { LAST_INSTANT_MS } from '@qd/shared/time';
import { userStates, type DirectoryCounts, type DirectoryListInput, type DirectoryRow } from '@qd/shared/users';
import { z } from 'zod';
import type { Ctx } from '../../../../platform/context.ts';
import { countAttention, countStates } from '../../queries/directory-counts.ts';
import { selectParts } from '../../queries/directory-parts.ts';
import { selectDirectory, type Position } from '../../queries/directory.ts';
import { directoryRows } from './rows.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Platforms on which the reader may see people. */
export function readScope({ actor }: Pick<Ctx, 'actor'>): '*' | string[] {
  return platformsWith(actor.grants, 'users:read');
}

/** One page of the people the reader may see, with their roles, accounts and ways of signing in. Throws `invalid` for a foreign marker. */
export async function listPeople(ctx: ReadCtx, input: DirectoryListInput): Promise<Page<DirectoryRow>> {
  const { cursor, limit, direction: _onward, sort, reverse, ...filters } = input;
  const now = ctx.now();
  const scope = readScope(ctx);
  const after = cursor === undefined ? null : positionOf(cursor);
  const found = await selectDirectory(ctx.db, { filters, scope, sort, reverse, after, limit, now });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  if (page.length === 0) return { rows: [], nextCursor: null };
  const people = page.map(({ row }) => row);
  const parts = await selectParts(
    ctx.db,
    people.map((person) => person.id),
    now,
  );
  return {
    rows: directoryRows(people, parts, { scope, nowMs: now.getTime() }),
    nextCursor: last === undefined ? null : markerOf(last.position),
  };
}

/** How many people the reader may see, by state and by what needs a look. */
export async function countPeople(ctx: ReadCtx): Promise<DirectoryCounts> {
  const within = { scope: readScope(ctx), now: ctx.now() };
  const states = await countStates(ctx.db, within);
  const attention = await countAttention(ctx.db, within);
  const { any, ...byAttention } = attention;
  const byState = { invited: 0, active: 0, suspended: 0, offboarded: 0 };
  for (const state of userStates) byState[state] = states.find((row) => row.state === state)?.people ?? 0;
  return {
    people: byState.invited + byState.active + byState.suspended,
    byState,
    attention: any,
    byAttention,
  };
}

const marker = z.tuple([
  z.number().int().min(0).max(1),
  z.union([z.string(), z.number().int().min(0).max(LAST_INSTANT_MS), z.null()]),
  z.string().max(100),
]);

function markerOf({ part, key, id }: Position): string {
  return Buffer.from(JSON.stringify([part, key, id])).toString('base64url');
}

/** A marker comes back from outside: anything may stand in it, and only its form is checked. It opens nothing by itself. */
function positionOf(cursor: string): Position {
  try {
    const [part, key, id] = marker.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if ([key, id].some((text) => typeof text === 'string' && text.includes('\0'))) throw new RangeError('NUL');
    return { part, key, id };
  } catch (error) {
    const message = 'is not a marker of this list; begin at its first page';
    throw new DomainError('invalid', `cursor ${message}.`, { fields: [{ field: 'cursor', message }], cause: error });
  }
}
