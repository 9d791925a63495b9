import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../platform/context.ts';
import {
  csvPages,
  fileDay,
  MAX_FILE_ROWS,
  pagesOf,
  type TableColumn,
  type TableFile,
} from '../../../platform/table-file.ts';
import { write } from '../../../platform/write.ts';
import {
  countExported,
  selectExported,
  type ExportedPerson,
  type ExportFilters,
  type ExportScope,
} from '../queries/export.ts';

/**
 * People as a file, by address: those on the platforms the caller may export, with their roles there. Recorded with the
 * number of people before the first one leaves. `maxRows` is for tests.
 */
export async function exportUsers(
  ctx: Ctx,
  input: { format: 'csv' | 'jsonl'; filters: ExportFilters },
  maxRows = MAX_FILE_ROWS,
): Promise<TableFile> {
  const { format, filters } = input;
  const scope: ExportScope = { filters, platforms: platformsWith(ctx.actor.grants, 'users:export'), now: ctx.now() };
  const people = await countExported(ctx.db, scope);
  const isCut = people > maxRows;
  await write(ctx, async (_tx, record) =>
    record({
      action: 'users.exported',
      category: 'access',
      level: 'warning',
      platform: filters.platform ?? null,
      details: { format, filters, people: Math.min(people, maxRows), isCut },
    }),
  );
  const pages = pagesOf<ExportedPerson>(
    (after, limit) => selectExported(ctx.db, scope, { afterEmailKey: after?.email_key ?? null, limit }),
    maxRows,
  );
  const text = format === 'csv' ? csvPages(columns, pages) : jsonLines(pages);
  return { name: `users-${fileDay(ctx.now())}`, type: format, isCut, text };
}

async function* jsonLines(pages: AsyncIterable<readonly ExportedPerson[]>): AsyncGenerator<string> {
  for await (const people of pages) yield people.map((person) => `${JSON.stringify(toLine(person))}\n`).join('');
}

function toLine({ email_key: _key, created_ms: createdMs, seen_ms: seenMs, ...person }: ExportedPerson) {
  return { ...person, created_at: iso(createdMs), last_seen_at: iso(seenMs) };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

const columns: readonly TableColumn<ExportedPerson>[] = [
  ['email', (person) => person.email],
  ['name', (person) => person.name],
  ['state', (person) => person.state],
  ['roles', (person) => person.grants.map((g) => `${g.role}@${g.platform}`).join('; ')],
  ['platform_roles', (person) => person.memberships.map((m) => `${m.role}@${m.platform} (${m.state})`).join('; ')],
  ['origin', (person) => person.origin],
  ['created_at (UTC)', (person) => iso(person.created_ms)],
  ['last_seen_at (UTC)', (person) => iso(person.seen_ms)],
  ['id', (person) => person.id],
];
