import type { FieldError } from '../../errors/index.ts';
import type { UserState } from '../schemas.ts';
import type { ReadImportRow } from './row.ts';
import type { ImportVerdict } from './schemas.ts';

/** A person the directory knows under the address of a row. */
export interface KnownPerson {
  id: string;
  name: string;
  state: UserState;
  /** Grants in force. */
  grants: readonly { role: string; platform: string }[];
  memberships: readonly { platform: string; role: string; state: string }[];
}

/** What the importer may do, asked of the rules of access. Each answer is a sentence why not, or null. */
export interface ImporterRights<Person extends KnownPerson = KnownPerson> {
  ownId: string | null;
  /** To give a role on a platform; with role null: to have people there at all. */
  give(role: string | null, platform: string): string | null;
  /** To give a role on the platform itself. */
  assign(platform: string): string | null;
  /** To change a person. */
  touch(person: Person): string | null;
}

/** What a row does to the person it is about. */
export interface ImportChange {
  name: boolean;
  grant: boolean;
  membership: boolean;
}

/** Judges a row that was read: what it would do, or what stands against it. */
export function judgeImportRow<Person extends KnownPerson>(
  row: ReadImportRow,
  person: Person | null,
  rights: ImporterRights<Person>,
): { verdict: ImportVerdict; faults: FieldError[]; change: ImportChange } {
  const change = changeOf(row, person);
  if (row.faults.length > 0) return { verdict: 'error', faults: row.faults, change };
  const faults: FieldError[] = [];
  const refuse = (field: string, why: string | null): void => {
    if (why !== null) faults.push({ field, message: why });
  };
  const verdict = verdictOf(change, person);
  if (person !== null && person.id === rights.ownId) {
    refuse('email', verdict === 'same' ? null : 'is your own; nobody changes their own rights');
  } else if (person?.state === 'offboarded') {
    refuse('email', 'belongs to a person who was offboarded; bring them back in the console first');
  } else if (verdict !== 'same') refuseRights(row, { person, change, rights }, refuse);
  return faults.length > 0 ? { verdict: 'error', faults, change } : { verdict, faults, change };
}

function refuseRights<Person extends KnownPerson>(
  row: ReadImportRow,
  of: { person: Person | null; change: ImportChange; rights: ImporterRights<Person> },
  refuse: (field: string, why: string | null) => void,
): void {
  const { person, change, rights } = of;
  if (person !== null) refuse('email', rights.touch(person));
  else {
    if (row.name === '') refuse('name', 'is empty; a new person needs one');
    if (row.role === null) refuse('email', rights.give(null, row.platform ?? '*'));
  }
  if (change.grant) refuse('role', rights.give(row.role, row.platform ?? '*'));
  if (change.membership) refuse('platform_role', rights.assign(row.platform ?? '*'));
}

function changeOf(row: ReadImportRow, person: KnownPerson | null): ImportChange {
  const { name, role, platform, platformRole } = row;
  const held = person?.grants.some((g) => g.role === role && g.platform === platform) ?? false;
  const assigned =
    person?.memberships.some((m) => m.platform === platform && m.role === platformRole && m.state === 'active') ??
    false;
  return {
    name: person !== null && name !== '' && name !== person.name,
    grant: role !== null && !held,
    membership: platformRole !== null && !assigned,
  };
}

function verdictOf(change: ImportChange, person: KnownPerson | null): 'create' | 'update' | 'same' {
  if (person === null) return 'create';
  return change.name || change.grant || change.membership ? 'update' : 'same';
}
