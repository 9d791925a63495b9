import { DomainError } from '@qd/shared/errors';
import {
  emailKey,
  judgeImportRow,
  type ImportChange,
  type ImportMode,
  type ImportWorld,
  type ReadImportRow,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import {
  insertGrants,
  insertPeople,
  updatePeople,
  upsertMemberships,
  type Imprint,
  type NewRole,
} from '../../queries/imports/apply.ts';
import { updateRows, type ImportRowRecord, type RowOutcome } from '../../queries/imports/imports.ts';
import { selectPeopleOf, type StoredPerson } from '../../queries/imports/people.ts';
import { beforeOf } from './before.ts';
import type { ImportIds } from './deps.ts';
import type { Inviter } from './invite.ts';
import type { RightsMemo } from './rights.ts';

/** Rows by what became of them. */
export type Applied = Record<'created' | 'updated' | 'same' | 'wrong', number>;

/** What rows of one import are applied with. */
export interface Application {
  world: ImportWorld;
  memo: RightsMemo;
  mode: ImportMode;
  by: Imprint;
  newId: ImportIds;
  /** Invites who is made; null: nobody is invited. */
  inviter: Inviter | null;
}

interface Judged {
  row: ImportRowRecord;
  person: StoredPerson | null;
  verdict: ReturnType<typeof judgeImportRow>['verdict'];
  faults: ReturnType<typeof judgeImportRow>['faults'];
  change: ImportChange;
  userId: string;
}

/** Judges rows again and does what the right ones ask for. Throws `conflict` with mode `all` when one is wrong by now. */
export async function applyBatch(tx: Tx, rows: readonly ImportRowRecord[], of: Application): Promise<Applied> {
  const { memo, by } = of;
  const people = await selectPeopleOf(
    tx,
    rows.map((row) => emailKey(row.email)),
    { now: by.now, lock: true },
  );
  await memo.prepare(rows, people);
  const byKey = new Map(people.map((person) => [person.emailKey, person]));
  const judged = rows.map((row) => judge(row, byKey.get(emailKey(row.email)) ?? null, of));
  const settled = await createPeople(tx, judged, by);
  if (of.mode === 'all') assertAllRight(settled);
  await changePeople(tx, settled);
  await giveRoles(tx, settled, of);
  await of.inviter?.invite(
    tx,
    settled.filter((j) => j.verdict === 'create'),
  );
  await updateRows(tx, by.importId, outcomes(settled));
  const count = (verdict: Judged['verdict']) => settled.filter((j) => j.verdict === verdict).length;
  return { created: count('create'), updated: count('update'), same: count('same'), wrong: count('error') };
}

function judge(row: ImportRowRecord, person: StoredPerson | null, { world, memo, newId }: Application): Judged {
  const isGone = row.platform !== null && row.platform !== '*' && !world.platforms.has(row.platform);
  const faults = isGone ? [{ field: 'platform', message: 'was removed since the file was checked' }] : [];
  const read: ReadImportRow = { ...row, faults };
  const userId = person?.id ?? (row.verdict === 'create' ? row.userId : null) ?? newId('usr');
  return { row, person, userId, ...judgeImportRow(read, person, memo.rights) };
}

/** Makes the new people first: whoever's address was taken in the meantime must get no roles. */
async function createPeople(tx: Tx, judged: readonly Judged[], by: Imprint): Promise<Judged[]> {
  const made = await insertPeople(
    tx,
    judged
      .filter((j) => j.verdict === 'create')
      .map(({ row, userId }) => ({ id: userId, email: row.email, emailKey: emailKey(row.email), name: row.name })),
    by,
  );
  return judged.map((j) =>
    j.verdict !== 'create' || made.has(j.userId)
      ? j
      : {
          ...j,
          verdict: 'error',
          faults: [{ field: 'email', message: 'was taken by someone else meanwhile; check the file again' }],
        },
  );
}

function assertAllRight(judged: readonly Judged[]): void {
  const wrong = judged.find((j) => j.verdict === 'error');
  if (wrong === undefined) return;
  const [fault] = wrong.faults;
  throw new DomainError(
    'conflict',
    `Line ${wrong.row.line} is wrong by now: ${fault?.field ?? 'row'} ${fault?.message ?? 'does not fit'}. Upload the file again.`,
    { fields: wrong.faults.map((f) => ({ ...f, field: `line[${wrong.row.line}].${f.field}` })) },
  );
}

async function changePeople(tx: Tx, judged: readonly Judged[]): Promise<void> {
  const changed = judged.flatMap(({ verdict, person, row, change }) =>
    verdict === 'update' && person !== null ? [{ id: person.id, name: change.name ? row.name : person.name }] : [],
  );
  await updatePeople(tx, changed);
}

async function giveRoles(tx: Tx, judged: readonly Judged[], { by, newId }: Application): Promise<void> {
  const right = judged.filter((j) => j.verdict === 'create' || j.verdict === 'update');
  const given = (type: 'grt' | 'mem', pick: (j: Judged) => string | null): NewRole[] =>
    right.flatMap((j) => {
      const role = pick(j);
      const { platform } = j.row;
      return role === null || platform === null ? [] : [{ id: newId(type), userId: j.userId, role, platform }];
    });
  await insertGrants(
    tx,
    given('grt', ({ change, row }) => (change.grant ? row.role : null)),
    by,
  );
  await upsertMemberships(
    tx,
    given('mem', ({ change, row }) => (change.membership ? row.platformRole : null)),
    by,
  );
}

/** Rows about which there is more to say than when the file was checked. */
function outcomes(judged: readonly Judged[]): RowOutcome[] {
  return judged.flatMap(({ row, person, verdict, faults, userId }) => {
    const before = verdict === 'update' && person !== null ? beforeOf(person, row) : null;
    if (before === null && verdict === row.verdict) return [];
    return [{ line: row.line, verdict, faults, before, userId }];
  });
}
