import {
  attentionKinds,
  attentionLimits,
  roleOfWord,
  searchWords,
  type AttentionKind,
  type DirectoryFilters,
} from '@qd/shared/users';
import { eq, gte, isNull, like, lt, or, sql, type SQL } from 'drizzle-orm';
import { users } from '../../../db/schema/index.ts';

/** What decides whom a reader finds. */
export interface DirectoryScope {
  filters: DirectoryFilters;
  /** Platforms on which the reader may see people. */
  scope: '*' | readonly string[];
  now: Date;
  /** True where hardly anybody is on the platforms, so that asking one person after the other would ask everybody. */
  isWhole?: boolean;
}

/** Letters that mean something in a pattern, taken as themselves. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/** Everything that must hold of a person to be found. */
export function conditions(of: DirectoryScope): (SQL | undefined)[] {
  const { filters, now } = of;
  const { state, attention } = filters;
  return [
    ...placeConditions(of),
    ...searchWords(filters.text ?? '').map(matches),
    ...roleConditions(filters, now),
    state === undefined ? undefined : eq(users.state, state),
    ...seenConditions(filters),
    attention === undefined ? undefined : needs(attention === 'any' ? attentionKinds : [attention], now),
  ];
}

function placeConditions({ filters, scope, now, isWhole = false }: DirectoryScope): (SQL | undefined)[] {
  const { platform, role, platformRole } = filters;
  const isAt = isWhole ? isAmong : isOn;
  // Who has a role there is there, and whoever is on a platform the reader may see is seen.
  const isPlaced = role !== undefined || platformRole !== undefined;
  const isSeen = scope === '*' || (platform !== undefined && scope.includes(platform));
  return [
    isSeen ? undefined : isAt(scope, now),
    platform === undefined || isPlaced ? undefined : isAt([platform], now),
  ];
}

function roleConditions({ role, platform, platformRole }: DirectoryFilters, now: Date): (SQL | undefined)[] {
  const where = platform === undefined ? sql`` : onOrAll(platform);
  return [
    role === undefined ? undefined : holds(now, sql`g.role = ${role}${where}`),
    platformRole === undefined ? undefined : belongs(platformRole, platform),
  ];
}

function seenConditions({ seenFrom, seenTo }: DirectoryFilters): (SQL | undefined)[] {
  return [
    seenFrom === undefined ? undefined : gte(users.lastSeenAt, new Date(seenFrom)),
    seenTo === undefined ? undefined : or(lt(users.lastSeenAt, new Date(seenTo)), isNull(users.lastSeenAt)),
  ];
}

/** Letters below which a word has no trigram. */
const TRIGRAM = 3;

/**
 * The name or the address holds the word, or the word names a role the person has. The two kinds of people are looked up each
 * by its own index and put together: an OR over both would be asked of everybody.
 */
function matches(word: string): SQL | undefined {
  // Too short for trigrams; a plan made before the word is known would go through their whole index.
  if ([...word].length < TRIGRAM) return sql`strpos(${users.searchText}, lower(${word}::text)) > 0`;
  const isInText = like(users.searchText, sql`lower(${`%${escaped(word)}%`}::text)`);
  const role = roleOfWord(word);
  if (role === null) return isInText;
  return sql`${users.id} in (select id from users where search_text like lower(${`%${escaped(word)}%`}::text)
    union all select user_id from grants where role = ${role})`;
}

export const live = (now: Date) => sql`(g.expires_at is null or g.expires_at > ${now.toISOString()}::timestamptz)`;

function holds(now: Date, which: SQL): SQL {
  return sql`exists (select from grants g where g.user_id = ${users.id} and ${live(now)} and ${which})`;
}

const onOrAll = (platform: string) => sql` and g.platform in (${platform}, '*')`;

function belongs(role: string, platform: string | undefined): SQL {
  const where = platform === undefined ? sql`` : sql` and m.platform = ${platform}`;
  return sql`exists (select from memberships m where m.user_id = ${users.id} and m.role = ${role}${where})`;
}

/** The platforms as a list of values, for `in`. */
export const listed = (platforms: readonly string[]) =>
  sql.join(
    platforms.map((platform) => sql`${platform}`),
    sql`, `,
  );

/**
 * Has a role, an account or an open invitation on one of the platforms; a role on all platforms counts. Asked of one person
 * after the other, so that a list that stops early asks of few; as `exists` it would first be worked out for everybody.
 */
function isOn(platforms: readonly string[], now: Date): SQL {
  if (platforms.length === 0) return sql`false`;
  const { accounts, roles, invited } = rowsOn(platforms, now);
  return sql`(${found(accounts, sql`m.user_id`)} or ${found(roles, sql`g.user_id`)} or ${found(invited, sql`i.user_id`)})`;
}

/** The same as a set, for whatever goes through everybody, and for platforms on which there are few. */
export function isAmong(platforms: readonly string[], now: Date): SQL {
  if (platforms.length === 0) return sql`false`;
  const { accounts, roles, invited } = rowsOn(platforms, now);
  return sql`${users.id} in (
    select m.user_id from ${accounts} union select g.user_id from ${roles} union select i.user_id from ${invited})`;
}

/** Has an account on one of the platforms; asked of one person after the other. */
export function hasAccount(platforms: readonly string[], now: Date): SQL {
  return platforms.length === 0 ? sql`false` : found(rowsOn(platforms, now).accounts, sql`m.user_id`);
}

const found = (rows: SQL, owner: SQL) =>
  sql`coalesce((select true from ${rows} and ${owner} = ${users.id} limit 1), false)`;

/** The rows which place people on the platforms. */
function rowsOn(platforms: readonly string[], now: Date): Record<'accounts' | 'roles' | 'invited', SQL> {
  const list = listed(platforms);
  return {
    accounts: sql`memberships m where m.platform in (${list})`,
    roles: sql`grants g where ${live(now)} and g.platform in (${list}, '*')`,
    invited: sql`invitations i where ${isOpen(now)} and i.platform in (${list}, '*')`,
  };
}

/** The invitation `i` can still be accepted. */
export const isOpen = (now: Date) =>
  sql`i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now.toISOString()}::timestamptz`;

/** Needs a look for any of the reasons; says in SQL what `attentionOf` says of one person. */
export function needs(kinds: readonly AttentionKind[], now: Date): SQL {
  return sql`(${sql.join(
    kinds.map((kind) => attention[kind](now)),
    sql` or `,
  )})`;
}

const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

const attention: Record<AttentionKind, (now: Date) => SQL> = {
  owner_without_second_factor: (now) => sql`(${users.state} = 'active' and ${holds(now, sql`g.role = 'owner'`)}
    and not exists (select from totp_factors f where f.user_id = ${users.id} and f.confirmed_at is not null)
    and not exists (select from passkeys p where p.user_id = ${users.id}))`,
  idle: (now) => sql`(${users.state} = 'active' and ${holds(now, sql`true`)}
    and coalesce(${users.lastSeenAt}, ${users.createdAt}) < ${at(attentionLimits(now.getTime()).idleSince)})`,
  invitation_ends: (now) => sql`(${users.state} = 'invited' and exists (
    select from invitations i where i.user_id = ${users.id} and ${isOpen(now)}
      and i.expires_at <= ${at(attentionLimits(now.getTime()).invitationBy)}))`,
  grant_ends: (now) => sql`(${users.state} <> 'offboarded'
    and ${holds(now, sql`g.expires_at <= ${at(attentionLimits(now.getTime()).grantBy)}`)})`,
};
