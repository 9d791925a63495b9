import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import {
  ROLLBACK_WITHIN_MS,
  type ImportPage,
  type ImportRowPage,
  type ImportRowsInput,
  type ImportRowView,
  type ImportsInput,
  type ImportView,
} from '@qd/shared/users';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import {
  selectImport,
  selectImports,
  selectRows,
  type ImportRecord,
  type ImportRowRecord,
  type NamedImport,
} from '../../queries/imports/imports.ts';
import { selectProgress } from '../../queries/imports/progress.ts';
import type { ImportsDeps } from './deps.ts';

/** One page of imports, the newest first: all for who may import on all platforms, else the caller's own. */
export async function listImports(ctx: Ctx, deps: ImportsDeps, input: ImportsInput): Promise<ImportPage> {
  const found = await selectImports(ctx.db, {
    ofUser: seesAll(ctx.actor) ? undefined : ctx.actor.id,
    before: input.cursor === undefined ? null : placeOf(input.cursor),
    limit: input.limit,
  });
  const page = found.slice(0, input.limit);
  const last = page.at(-1)?.record;
  const progress = await progressOf(ctx, page);
  const more = found.length > input.limit && last !== undefined;
  return {
    rows: page.map((row) => toView(ctx, deps, row, progress)),
    nextCursor: more ? `${last.createdAt.getTime()}~${last.id}` : null,
  };
}

/** One import. Throws `not_found` also for those of others, unless the caller may import on all platforms. */
export async function viewImport(ctx: Ctx, deps: ImportsDeps, id: string): Promise<ImportView> {
  const found = visible(ctx, await selectImport(ctx.db, id));
  return toView(ctx, deps, found, await progressOf(ctx, [found]));
}

/** One page of the rows of an import, in the order of the file. */
export async function listImportRows(ctx: Ctx, input: ImportRowsInput): Promise<ImportRowPage> {
  const { record } = visible(ctx, await selectImport(ctx.db, input.id));
  const afterLine = input.cursor === undefined ? 0 : lineOf(input.cursor);
  const { id, verdict, faulty, search, limit } = input;
  const found = await selectRows(ctx.db, { id, verdict, faulty, search, afterLine, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => toRowView(row, record)),
    nextCursor: found.length > limit && last ? String(last.line) : null,
  };
}

/** An import the caller may know of. Throws `not_found`. */
export function visible<T extends NamedImport | ImportRecord>({ actor }: Pick<Ctx, 'actor'>, found: T | null): T {
  if (found !== null && (seesAll(actor) || creatorOf(found) === actor.id)) return found;
  throw new DomainError('not_found', 'There is no such import; see the list of imports.');
}

function creatorOf(found: NamedImport | ImportRecord): string | null {
  return 'record' in found ? found.record.createdBy : found.createdBy;
}

function seesAll({ grants }: Actor): boolean {
  return can(grants, 'users:import', null);
}

/** Rows done of the imports that are being committed; only checked ones can be. */
function progressOf(ctx: Ctx, page: readonly NamedImport[]): Promise<Map<string, number>> {
  return selectProgress(
    ctx.db,
    page.flatMap(({ record }) => (record.state === 'checked' ? [record.id] : [])),
  );
}

function toView(
  ctx: Ctx,
  deps: ImportsDeps,
  { record, createdByName }: NamedImport,
  progress: ReadonlyMap<string, number>,
): ImportView {
  const done = progress.get(record.id);
  const { createdAt, committedAt, rolledBackAt, createdBy, ...rest } = record;
  const untilMs = committedAt === null ? 0 : committedAt.getTime() + ROLLBACK_WITHIN_MS;
  return {
    ...rest,
    ...(done !== undefined ? { state: 'committing' as const, doneCount: done } : {}),
    createdBy: createdBy === null ? null : { id: createdBy, name: createdByName ?? createdBy },
    createdAt: createdAt.getTime(),
    committedAt: committedAt?.getTime() ?? null,
    rolledBackAt: rolledBackAt?.getTime() ?? null,
    rollbackUntil: record.state === 'committed' && untilMs > ctx.now().getTime() ? untilMs : null,
    canMail: deps.mail !== null,
  };
}

/** A row as it is shown; people a file would create do not exist before it is committed. */
export function toRowView(row: ImportRowRecord, { state }: Pick<ImportRecord, 'state'>): ImportRowView {
  const { line, email, name, role, platform, platformRole, verdict, faults } = row;
  const exists = verdict !== 'create' || state === 'committed';
  return { line, email, name, role, platform, platformRole, verdict, faults, userId: exists ? row.userId : null };
}

function placeOf(cursor: string): { createdAt: Date; id: string } {
  const [, at, id] = /^(\d{1,14})~(imp_[A-Za-z0-9_-]{4,40})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { createdAt: new Date(Number(at)), id };
  throw foreignCursor();
}

function lineOf(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw foreignCursor();
}

function foreignCursor(): DomainError {
  return new DomainError('invalid', 'This page marker is not one of this list; load the list again.', {
    fields: [{ field: 'cursor', message: 'is not a marker of this list' }],
  });
}
