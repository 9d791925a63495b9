import type { ImportVerdict } from '@qd/shared/users';
import { and, asc, desc, eq, gt, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import { userImportRows, userImports, users } from '../../../../db/schema/index.ts';

/** An import as stored. */
export type ImportRecord = typeof userImports.$inferSelect;
/** A row of an import as stored. */
export type ImportRowRecord = typeof userImportRows.$inferSelect;

/** Half of an advisory lock key; the other half is who imports. */
const LOCK_CLASS = 5_104;

/** Lets one upload of a person begin at a time. */
export async function lockUploads(tx: Tx, person: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK_CLASS}::int, hashtext(${person}))`);
}

const byPerson = (userId: string | null) =>
  userId === null ? isNull(userImports.createdBy) : eq(userImports.createdBy, userId);

/** Id of the upload of a person that is running, or null; one that began before `since` was left behind by a crash. */
export async function selectRunning(tx: Tx, userId: string | null, since: Date): Promise<string | null> {
  const [row] = await tx
    .select({ id: userImports.id })
    .from(userImports)
    .where(and(byPerson(userId), eq(userImports.state, 'reading'), gt(userImports.createdAt, since)));
  return row?.id ?? null;
}

/** Closes uploads that began before the instant and never ended; gives how many. */
export async function failAbandoned(tx: Tx, before: Date, fault: string): Promise<number> {
  const failed = await tx
    .update(userImports)
    .set({ state: 'failed', fault })
    .where(and(eq(userImports.state, 'reading'), lt(userImports.createdAt, before)))
    .returning({ id: userImports.id });
  return failed.length;
}

/** Forgets the rows of imports made before the instant; what was imported and by whom stays. */
export async function deleteRowsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.execute(sql`
    delete from user_import_rows r using user_imports i where i.id = r.import_id and i.created_at < ${before.toISOString()}`);
}

/** Stores a new import. */
export async function insertImport(tx: Tx, row: typeof userImports.$inferInsert): Promise<void> {
  await tx.insert(userImports).values(row);
}

/** Changes an import. */
export async function updateImport(tx: Tx, id: string, set: Partial<typeof userImports.$inferInsert>): Promise<void> {
  await tx.update(userImports).set(set).where(eq(userImports.id, id));
}

/** Forgets the rows of one import. */
export async function deleteRows(tx: Tx, id: string): Promise<void> {
  await tx.delete(userImportRows).where(eq(userImportRows.importId, id));
}

/** The import, held until the transaction ends, or null. */
export async function lockImport(tx: Tx, id: string): Promise<ImportRecord | null> {
  const [row] = await tx.select().from(userImports).where(eq(userImports.id, id)).for('update');
  return row ?? null;
}

/** An import with the name of who made it, or null. */
export interface NamedImport {
  record: ImportRecord;
  createdByName: string | null;
}

const named = { record: userImports, createdByName: users.name };

export async function selectImport(db: ReadDb, id: string): Promise<NamedImport | null> {
  const [row] = await db
    .select(named)
    .from(userImports)
    .leftJoin(users, eq(users.id, userImports.createdBy))
    .where(eq(userImports.id, id));
  return row ?? null;
}

/** Imports, the newest first; of one person only, unless `ofUser` is undefined. One more than `limit`. */
export async function selectImports(
  db: ReadDb,
  page: { ofUser: string | null | undefined; before: { createdAt: Date; id: string } | null; limit: number },
): Promise<NamedImport[]> {
  const { before } = page;
  return db
    .select(named)
    .from(userImports)
    .leftJoin(users, eq(users.id, userImports.createdBy))
    .where(
      and(
        page.ofUser === undefined ? undefined : byPerson(page.ofUser),
        before === null
          ? undefined
          : or(
              lt(userImports.createdAt, before.createdAt),
              and(eq(userImports.createdAt, before.createdAt), lt(userImports.id, before.id)),
            ),
      ),
    )
    .orderBy(desc(userImports.createdAt), desc(userImports.id))
    .limit(page.limit + 1);
}

/** Rows of an import after a line, in the order of the file. */
export async function selectRows(
  db: ReadDb,
  of: {
    id: string;
    afterLine: number;
    limit: number;
    verdict?: ImportVerdict | undefined;
    faulty?: boolean;
    right?: boolean;
    search?: string | undefined;
  },
): Promise<ImportRowRecord[]> {
  const conditions: (SQL | undefined)[] = [
    eq(userImportRows.importId, of.id),
    gt(userImportRows.line, of.afterLine),
    of.verdict === undefined ? undefined : eq(userImportRows.verdict, of.verdict),
    of.faulty === true ? sql`${userImportRows.faults} <> '[]'::jsonb` : undefined,
    of.search === undefined || of.search === ''
      ? undefined
      : sql`position(lower(${of.search}) in lower(${userImportRows.email} || ' ' || ${userImportRows.name})) > 0`,
    of.right === true ? ne(userImportRows.verdict, 'error') : undefined,
  ];
  return db
    .select()
    .from(userImportRows)
    .where(and(...conditions))
    .orderBy(asc(userImportRows.line))
    .limit(of.limit);
}

/** A row to store. */
export type NewImportRow = Omit<ImportRowRecord, 'importId' | 'before'>;

/** Stores rows of an import in one statement. */
export async function insertRows(tx: Tx, importId: string, rows: readonly NewImportRow[]): Promise<void> {
  const column = (read: (row: NewImportRow) => string | null) => sql`${sql.param(rows.map(read))}::text[]`;
  await tx.execute(sql`
    insert into user_import_rows (import_id, line, email, name, role, platform, platform_role, verdict, faults, user_id)
    select ${importId}, line, email, name, role, platform, platform_role, verdict, faults::jsonb, user_id
    from unnest(${sql.param(rows.map((r) => r.line))}::int[], ${column((r) => r.email)}, ${column((r) => r.name)},
      ${column((r) => r.role)}, ${column((r) => r.platform)}, ${column((r) => r.platformRole)}, ${column((r) => r.verdict)},
      ${column((r) => JSON.stringify(r.faults))}, ${column((r) => r.userId)})
      as t(line, email, name, role, platform, platform_role, verdict, faults, user_id)`);
}

/** What became of rows when they were committed or taken back. */
export interface RowOutcome {
  line: number;
  verdict: ImportVerdict;
  faults: { field: string; message: string }[];
  before: object | null;
  userId: string | null;
}

/** Notes what became of rows. */
export async function updateRows(tx: Tx, importId: string, rows: readonly RowOutcome[]): Promise<void> {
  if (rows.length === 0) return;
  const column = (read: (row: RowOutcome) => string | null) => sql`${sql.param(rows.map(read))}::text[]`;
  await tx.execute(sql`
    update user_import_rows r set verdict = t.verdict, faults = t.faults::jsonb, before = t.before::jsonb, user_id = t.user_id
    from unnest(${sql.param(rows.map((r) => r.line))}::int[], ${column((r) => r.verdict)},
      ${column((r) => JSON.stringify(r.faults))}, ${column((r) => (r.before === null ? null : JSON.stringify(r.before)))}, ${column((r) => r.userId)})
      as t(line, verdict, faults, before, user_id)
    where r.import_id = ${importId} and r.line = t.line`);
}

/** Roles an import would give to people who do not hold them, with how many people; and the roles on platforms it names. */
export async function selectImportGifts(
  tx: Tx,
  id: string,
  now: Date,
): Promise<{
  grants: { role: string; platform: string; people: number }[];
  accounts: { platform: string; role: string }[];
}> {
  const given = await tx
    .select({ role: userImportRows.role, platform: userImportRows.platform, people: sql<number>`count(*)::int` })
    .from(userImportRows)
    .where(
      and(
        eq(userImportRows.importId, id),
        ne(userImportRows.verdict, 'error'),
        sql`${userImportRows.role} is not null`,
        sql`not exists (
          select from users u join grants g on g.user_id = u.id
          where u.email_key = lower(${userImportRows.email}) and g.role = ${userImportRows.role}
            and g.platform = ${userImportRows.platform} and (g.expires_at is null or g.expires_at > ${now.toISOString()}))`,
      ),
    )
    .groupBy(userImportRows.role, userImportRows.platform)
    .orderBy(userImportRows.role, userImportRows.platform);
  const accounts = await tx
    .selectDistinct({ platform: userImportRows.platform, role: userImportRows.platformRole })
    .from(userImportRows)
    .where(
      and(
        eq(userImportRows.importId, id),
        ne(userImportRows.verdict, 'error'),
        ne(userImportRows.verdict, 'same'),
        sql`${userImportRows.platformRole} is not null`,
      ),
    );
  return {
    grants: given.flatMap(({ role, platform, people }) =>
      role === null || platform === null ? [] : [{ role, platform, people }],
    ),
    accounts: accounts.flatMap(({ role, platform }) =>
      role === null || platform === null ? [] : [{ role, platform }],
    ),
  };
}
