import { MAX_EMAIL_LENGTH, searchWords, type DirectorySort } from '@qd/shared/users';
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, not, sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { plannedAnew } from '../../../db/planned-anew.ts';
import { memberships, users } from '../../../db/schema/index.ts';
import { conditions, escaped, type DirectoryScope } from './directory-filters.ts';

/** A person as lists need them; whether there is a password, never its hash. */
export const listColumns = {
  id: users.id,
  name: users.name,
  email: users.email,
  emailKey: users.emailKey,
  state: users.state,
  isDemo: users.isDemo,
  createdAt: users.createdAt,
  lastSeenAt: users.lastSeenAt,
  hasPassword: sql<boolean>`${users.passwordHash} is not null`,
  nameKey: sql<string>`lower(${users.name})`,
};

/** A row of the list before its roles and accounts are put to it. */
export interface ListedPerson {
  id: string;
  name: string;
  email: string;
  emailKey: string;
  state: (typeof users.$inferSelect)['state'];
  isDemo: boolean;
  createdAt: Date;
  lastSeenAt: Date | null;
  hasPassword: boolean;
  nameKey: string;
}

/** Last row of the page before: which part of the list it stood in, and where in its order. */
export interface Position {
  part: number;
  key: string | number | null;
  id: string;
}

/** One page asked for. */
export interface DirectoryPage extends DirectoryScope {
  sort: DirectorySort;
  reverse: boolean;
  after: Position | null;
  limit: number;
}

/**
 * A list is made of parts, each in an order an index gives: people seen and never seen, addresses that begin with the text
 * and others. Sorting all of it by one expression would read everybody.
 */
interface Part {
  where: SQL | undefined;
  order: SQL[];
  after(position: Position): SQL | undefined;
  keyOf(row: ListedPerson): string | number | null;
}

/** People who pass the filters, in order, each with its place in the list. One more than `limit`. */
export async function selectDirectory(
  db: ReadDb,
  page: DirectoryPage,
): Promise<{ row: ListedPerson; position: Position }[]> {
  const wanted = conditions({ ...page, isWhole: await areFew(db, page) });
  const found: { row: ListedPerson; position: Position }[] = [];
  const parts = partsOf(page);
  for (let index = page.after?.part ?? 0; index < parts.length && found.length <= page.limit; index += 1) {
    const part = parts[index];
    if (part === undefined) break;
    const after = page.after?.part === index ? part.after(page.after) : undefined;
    const rows = await db
      .select(listColumns)
      .from(users)
      .where(and(part.where, after, ...wanted, plannedAnew))
      .orderBy(...part.order)
      .limit(page.limit + 1 - found.length);
    found.push(...rows.map((row) => ({ row, position: { part: index, key: part.keyOf(row), id: row.id } })));
  }
  return found;
}

/** People on a platform up to which they are looked up as a set. */
const FEW = 200;

/** True if the people of the platforms asked for are few, so that hardly anybody in the order of the list would be one of them. */
async function areFew(db: ReadDb, { scope, filters }: DirectoryPage): Promise<boolean> {
  const platforms = filters.platform === undefined ? scope : [filters.platform];
  if (platforms === '*' || platforms.length === 0) return false;
  const some = db
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(inArray(memberships.platform, [...platforms]))
    .limit(FEW)
    .as('some');
  const [row] = await db.select({ people: count() }).from(some);
  return Number(row?.people ?? 0) < FEW;
}

function partsOf(page: DirectoryPage): Part[] {
  if (page.sort === 'name') return [byName(page.reverse)];
  if (page.sort === 'lastSeen') return bySeen(page.reverse);
  const prefix = searchWords(page.filters.text ?? '')[0];
  if (prefix === undefined || page.reverse) return [byEmail(undefined, page.reverse)];
  const begins = beginsWith(prefix);
  return [byEmail(begins, false), byEmail(not(begins), false)];
}

/**
 * Addresses that begin with the text. The bounds let an index find them under any collation, addresses being ASCII; what sorts
 * behind the upper one all the same is found among the others.
 */
function beginsWith(text: string): SQL {
  const from = sql`lower(${text}::text)`;
  const to = sql`lower(${`${text}${'z'.repeat(MAX_EMAIL_LENGTH)}`}::text)`;
  return sql`(${users.emailKey} >= ${from} and ${users.emailKey} <= ${to}
    and ${users.emailKey} like lower(${`${escaped(text)}%`}::text))`;
}

function byEmail(where: SQL | undefined, reverse: boolean): Part {
  return {
    where,
    order: [reverse ? desc(users.emailKey) : asc(users.emailKey)],
    after: ({ key }) => (reverse ? lt : gt)(users.emailKey, String(key)),
    keyOf: (row) => row.emailKey,
  };
}

function byName(reverse: boolean): Part {
  const name = listColumns.nameKey;
  return {
    where: undefined,
    order: reverse ? [desc(name), desc(users.id)] : [asc(name), asc(users.id)],
    after: ({ key, id }) =>
      reverse
        ? sql`(${name}, ${users.id}) < (${String(key)}, ${id})`
        : sql`(${name}, ${users.id}) > (${String(key)}, ${id})`,
    keyOf: (row) => row.nameKey,
  };
}

function bySeen(reverse: boolean): Part[] {
  const direction = reverse ? asc : desc;
  const seen: Part = {
    where: isNotNull(users.lastSeenAt),
    order: [direction(users.lastSeenAt), direction(users.id)],
    after: ({ key, id }) => {
      const place = sql`(${new Date(Number(key)).toISOString()}::timestamptz, ${id})`;
      return reverse
        ? sql`(${users.lastSeenAt}, ${users.id}) > ${place}`
        : sql`(${users.lastSeenAt}, ${users.id}) < ${place}`;
    },
    keyOf: (row) => row.lastSeenAt?.getTime() ?? null,
  };
  const never: Part = {
    where: isNull(users.lastSeenAt),
    order: [direction(users.id)],
    after: ({ id }) => (reverse ? gt : lt)(users.id, id),
    keyOf: () => null,
  };
  return reverse ? [never, seen] : [seen, never];
}

/** True if the reader's platforms and filters let them see this one person. */
export async function isListed(db: ReadDb, userId: string, scope: DirectoryScope): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), ...conditions(scope)));
  return rows.length > 0;
}
