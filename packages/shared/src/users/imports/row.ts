import type { FieldError } from '../../errors/index.ts';
import { isBuiltInRole, roleTitles, builtInRoles } from '../../permissions/index.ts';
import { emailAddress, emailKey } from '../email.ts';
import { personName } from '../text.ts';
import { shown, type ImportColumn, type ImportHeader } from './header.ts';
import { lookAlikeFold } from './look-alike.ts';
import { MAX_FIELD_LENGTH } from './schemas.ts';

/** What rows are read against. */
export interface ImportWorld {
  platforms: ReadonlySet<string>;
  /** Custom roles that can be given: id by id and by folded title. */
  roles: ReadonlyMap<string, string>;
  /** Roles of a platform's own catalog, the top one first. */
  platformRoles(platform: string): readonly string[];
}

/** A row as it was read: what it asks for, and what is wrong with it whoever it is about. */
export interface ReadImportRow {
  line: number;
  email: string;
  name: string;
  role: string | null;
  platform: string | null;
  platformRole: string | null;
  faults: FieldError[];
}

type Cells = Record<'email' | 'name' | 'role' | 'platform' | 'platformRole', string>;

/** Reads one line. Texts that are too long are cut; fields that were wrong keep what stood there, for the report. */
export function readImportRow(
  line: number,
  fields: readonly string[],
  header: ImportHeader,
  world: ImportWorld,
): ReadImportRow {
  const faults: FieldError[] = [];
  if (fields.length > header.size) {
    faults.push({
      field: 'row',
      message: `has ${fields.length} fields where the header has ${header.size}; put a field with a separator in it in quotes`,
    });
  }
  const cells = cellsOf(fields, header, faults);
  const email = checkedText(emailAddress, cells.email, 'email', faults);
  const name = cells.name === '' ? '' : checkedText(personName, cells.name, 'name', faults);
  return { line, email, name, ...readRoles(cells, world, faults), faults };
}

function cellsOf(fields: readonly string[], header: ImportHeader, faults: FieldError[]): Cells {
  const cell = (column: ImportColumn): string => {
    const index = header.get(column);
    const text = (index === undefined ? '' : (fields[index] ?? '')).trim();
    if (text.length <= MAX_FIELD_LENGTH) return storable(text);
    faults.push({ field: column, message: `is longer than ${MAX_FIELD_LENGTH} characters; shorten it` });
    return storable(text.slice(0, MAX_FIELD_LENGTH));
  };
  return {
    email: cell('email'),
    name: cell('name'),
    role: cell('role'),
    platform: cell('platform'),
    platformRole: cell('platform_role'),
  };
}

/** The database takes neither zero characters nor broken pairs; the checks after this still see that something was wrong. */
function storable(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}

type TextSchema = {
  safeParse(
    text: string,
  ): { success: true; data: string } | { success: false; error: { issues: { message: string }[] } };
};

function checkedText(schema: TextSchema, text: string, field: string, faults: FieldError[]): string {
  if (text === '') {
    faults.push({ field, message: 'is empty; give one' });
    return text;
  }
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  faults.push({ field, message: parsed.error.issues[0]?.message ?? 'does not fit' });
  return text;
}

function readRoles(
  cells: Cells,
  world: ImportWorld,
  faults: FieldError[],
): Pick<ReadImportRow, 'role' | 'platform' | 'platformRole'> {
  const platform = cells.platform === '' ? null : cells.platform.toLowerCase();
  const isKnown = platform === null || platform === '*' || world.platforms.has(platform);
  const why = isKnown
    ? loneFault(cells)
    : `"${shown(cells.platform)}" is not a platform; use ${[...world.platforms].slice(0, 10).join(', ')} or *`;
  if (why !== null) faults.push({ field: 'platform', message: why });
  return {
    platform: platform?.slice(0, 100) ?? null,
    role: readRole(cells.role, world, faults),
    platformRole: readPlatformRole(cells, { platform: isKnown ? platform : null, world }, faults),
  };
}

/** A platform and a role on it come together. */
function loneFault({ platform, role, platformRole }: Cells): string | null {
  const hasRole = role !== '' || platformRole !== '';
  if (platform === '' && hasRole) return 'is empty; name the platform of the role, or * for all';
  if (platform !== '' && !hasRole) return 'stands there without a role or platform_role; give one, or leave it empty';
  return null;
}

function readRole(cell: string, world: ImportWorld, faults: FieldError[]): string | null {
  if (cell === '') return null;
  const role = roleOf(cell, world);
  if (role !== undefined) return role;
  faults.push({
    field: 'role',
    message: `"${shown(cell)}" is not a role; use ${builtInRoles.join(', ')} or the title of a custom one`,
  });
  return cell;
}

function readPlatformRole(
  cells: Cells,
  { platform, world }: { platform: string | null; world: ImportWorld },
  faults: FieldError[],
): string | null {
  if (cells.platformRole === '') return null;
  const platformRole = cells.platformRole.toLowerCase();
  if (platform === '*') {
    faults.push({ field: 'platform', message: 'name one platform: a platform_role is a role on it' });
  } else if (platform !== null && !world.platformRoles(platform).includes(platformRole)) {
    faults.push({
      field: 'platform_role',
      message: `"${shown(cells.platformRole)}" is not a role of ${platform}; use ${world.platformRoles(platform).join(', ')}`,
    });
  }
  return platformRole;
}

const titles = new Map(Object.entries(roleTitles).map(([role, title]) => [title.toLowerCase(), role]));

function roleOf(cell: string, world: ImportWorld): string | undefined {
  const folded = cell.toLowerCase();
  if (isBuiltInRole(folded)) return folded;
  return titles.get(folded) ?? world.roles.get(cell) ?? world.roles.get(folded);
}

/**
 * Finds addresses that stand in a file twice, also in other letters that look the same. Call once per row in the order of
 * the file; gives the fault of the later row.
 */
export function duplicateFinder(): (row: Pick<ReadImportRow, 'line' | 'email'>) => FieldError | null {
  const lines = new Map<string, number>();
  return ({ line, email }) => {
    if (email === '') return null;
    const key = lookAlikeFold(email);
    const first = lines.get(key);
    if (first === undefined) {
      lines.set(key, line);
      return null;
    }
    const isPlain = emailKey(email) === key;
    return {
      field: 'email',
      message: isPlain
        ? `stands on line ${first} already; keep one of the two`
        : `looks like the address on line ${first} but has other letters; type it again in plain letters`,
    };
  };
}
