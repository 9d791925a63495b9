import type { AuditFilters } from '@qd/shared/audit';
import { type SQL, type SQLWrapper, eq, gte, ilike, inArray, lt, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { auditEvents, users } from '../../../db/schema/index.ts';

/** Filters that say who acted and when: all but what `facetConditions` and `containing` stand for. */
type WhoAndWhen = Pick<AuditFilters, 'actor' | 'from' | 'to'>;

/** Platforms whose rows are looked at; rows of no platform only for `*`. */
export function onPlatforms(platforms: '*' | string[]): SQL | undefined {
  return platforms === '*' ? undefined : inArray(auditEvents.platform, platforms);
}

/** Everything the filters ask of a row. */
export async function conditions(db: ReadDb, filters: AuditFilters): Promise<(SQL | undefined)[]> {
  const actor = filters.actor === undefined ? null : await selectActor(db, filters.actor);
  return [
    actor === null ? undefined : actedBy(actor),
    ...facetConditions(filters),
    ...inTime(filters),
    filters.text === undefined ? undefined : containing(filters.text),
  ];
}

/** Who is meant by an id or an address. */
export type AuditActor = { id: string } | { address: string };

/**
 * An actor by id, or by address: the person who has it now, whatever address they had then. An address nobody has is looked for
 * in the rows themselves.
 */
export async function selectActor(db: ReadDb, actor: string): Promise<AuditActor> {
  if (!actor.includes('@')) return { id: actor };
  const address = actor.toLowerCase();
  const [person] = await db.select({ id: users.id }).from(users).where(eq(users.emailKey, address));
  return person ?? { address };
}

/** Rows of an actor. */
export function actedBy(actor: AuditActor): SQL {
  return 'id' in actor ? eq(auditEvents.userId, actor.id) : sql`lower(${auditEvents.userEmail}) = ${actor.address}`;
}

/** Rows of an action (or of every action of a feature), an outcome, a platform and a kind of target. */
export function facetConditions({ action, status, platform, targetKind }: AuditFilters): (SQL | undefined)[] {
  return [
    action === undefined ? undefined : isAction(action),
    status === undefined ? undefined : eq(auditEvents.status, status),
    platform === undefined ? undefined : eq(auditEvents.platform, platform),
    targetKind === undefined ? undefined : eq(auditEvents.targetKind, targetKind),
  ];
}

function isAction(action: string): SQL {
  const { action: column } = auditEvents;
  return action.includes('.')
    ? eq(column, action)
    : sql`(${column} = ${action} or starts_with(${column}, ${`${action}.`}))`;
}

/** Rows of a span of time. */
export function inTime({ from, to }: Pick<WhoAndWhen, 'from' | 'to'>): (SQL | undefined)[] {
  return [
    from === undefined ? undefined : gte(auditEvents.timestamp, new Date(from)),
    to === undefined ? undefined : lt(auditEvents.timestamp, new Date(to)),
  ];
}

/** Rows whose action, address or target contains a text, in any case. */
export function containing(text: string): SQL | undefined {
  const { action, targetKind } = auditEvents;
  return or(ilike(action, patternOf(text)), ilike(targetKind, patternOf(text)), containingWord(text));
}

/** Rows whose address or target's id contains a text. */
export function containingWord(text: string): SQL | undefined {
  const { userEmail, targetId } = auditEvents;
  // ILIKE takes three times as long.
  const holds = (column: SQLWrapper) => sql`lower(${column}) like lower(${patternOf(text)})`;
  return or(holds(userEmail), holds(targetId));
}

/** A pattern in which no letter of the text is a wildcard. */
export function patternOf(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
