import { DomainError, type FieldError } from '@qd/shared/errors';
import { ROLLBACK_WITHIN_MS, type RollbackAnswer, type RollbackImportInput } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { withdrawNotifications } from '../../../../db/queries/notifications.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { keepingAnOwner } from '../../../../platform/escalation.ts';
import { mailChannel } from '../../../../platform/notices.ts';
import { write } from '../../../../platform/write.ts';
import { updatePeople } from '../../queries/imports/apply.ts';
import {
  lockImport,
  selectRows,
  updateImport,
  updateRows,
  type ImportRecord,
  type ImportRowRecord,
} from '../../queries/imports/imports.ts';
import { lockPeople, type StoredPerson } from '../../queries/imports/people.ts';
import { deletePeople, restoreGrants, restoreMemberships, selectUsed } from '../../queries/imports/restore.ts';
import { personBefore, type PersonBefore } from './before.ts';
import { BATCH_ROWS, type ImportsDeps } from './deps.ts';
import { createRights, type RightsMemo } from './rights.ts';
import { viewImport, visible } from './views.ts';

/**
 * Takes a committed import back within a day: people it made are removed, people it changed are set back. Who was changed
 * or made use of since stays as they are, and so does who the caller may not touch; their rows say why.
 * Throws `not_found`, and `conflict` for an import that is not committed or too old.
 */
export async function rollbackImport(ctx: Ctx, deps: ImportsDeps, input: RollbackImportInput): Promise<RollbackAnswer> {
  const { id, reason } = input;
  const done = await write(ctx, async (tx, record) => {
    const found = visible(ctx, await lockImport(tx, id));
    assertRecent(found, ctx.now());
    const sum = await keepingAnOwner(tx, () => takeBack(tx, ctx, id));
    await updateImport(tx, id, { state: 'rolled_back', rolledBackAt: ctx.now() });
    record({
      action: 'users.import_rolled_back',
      category: 'access',
      level: 'warning',
      target: { kind: 'import', id },
      details: { fileName: found.fileName, sha256: found.sha256, reason, ...sum },
      before: { state: found.state },
      after: { state: 'rolled_back' },
    });
    return sum;
  });
  ctx.hub.publish('users');
  return { import: await viewImport(ctx, deps, id), ...done };
}

function assertRecent({ state, committedAt }: ImportRecord, now: Date): void {
  if (state !== 'committed' || committedAt === null) {
    throw new DomainError(
      'conflict',
      `This import is ${state.replace('_', ' ')}; only a committed one can be taken back.`,
    );
  }
  if (now.getTime() - committedAt.getTime() >= ROLLBACK_WITHIN_MS) {
    throw new DomainError('conflict', 'This import was committed more than a day ago; change the people one by one.');
  }
}

async function takeBack(tx: Tx, ctx: Ctx, id: string): Promise<{ restored: number; kept: number }> {
  const memo = createRights(tx, ctx);
  const sum = { restored: 0, kept: 0 };
  for (let afterLine = 0; ;) {
    const rows = await selectRows(tx, { id, afterLine, limit: BATCH_ROWS, right: true });
    const last = rows.at(-1);
    if (last === undefined) return sum;
    afterLine = last.line;
    const changed = rows.filter((row) => row.verdict !== 'same' && row.userId !== null);
    const kept = await takeBackRows(tx, ctx, { id, rows: changed, memo });
    sum.kept += kept;
    sum.restored += changed.length - kept;
  }
}

/** A row whose person can be set back; `before` null: was made by the import. */
interface Undoable {
  row: ImportRowRecord;
  person: StoredPerson;
  before: PersonBefore | null;
}

async function takeBackRows(
  tx: Tx,
  ctx: Ctx,
  of: { id: string; rows: readonly ImportRowRecord[]; memo: RightsMemo },
): Promise<number> {
  const { id, rows, memo } = of;
  const ids = rows.flatMap((row) => row.userId ?? []);
  const people = await lockPeople(tx, ids, ctx.now());
  const used = await selectUsed(tx, ids);
  await memo.prepare(rows, people);
  const byId = new Map(people.map((person) => [person.id, person]));
  const undoable: Undoable[] = [];
  const kept: { row: ImportRowRecord; fault: FieldError }[] = [];
  for (const row of rows) {
    const person = byId.get(row.userId ?? '');
    const before = row.before === null ? null : personBefore.parse(row.before);
    const why = person === undefined ? 'is no longer there' : refusal({ row, person, before }, memo, used);
    if (why === null && person !== undefined) undoable.push({ row, person, before });
    else kept.push({ row, fault: { field: 'rollback', message: `was not taken back: ${why}` } });
  }
  await removePeople(
    tx,
    undoable.filter((u) => u.before === null),
  );
  await setBack(tx, id, undoable);
  await updateRows(
    tx,
    id,
    kept.map(({ row, fault }) => ({ ...row, faults: [...row.faults, fault] })),
  );
  return kept.length;
}

/** Removes people the import made; invitations on their way to them do not go out any more. */
async function removePeople(tx: Tx, made: readonly Undoable[]): Promise<void> {
  await deletePeople(
    tx,
    made.map((u) => u.person.id),
  );
  const channels = made.map((u) => mailChannel(u.row.email));
  if (channels.length > 0) await withdrawNotifications(tx, 'users.invited', channels);
}

function refusal({ row, person, before }: Undoable, { rights }: RightsMemo, used: ReadonlySet<string>): string | null {
  if (person.id === rights.ownId) return 'it is you';
  if (before === null ? isTouched(person) || used.has(person.id) : isChanged(person, before)) {
    return 'the person was changed since';
  }
  return (
    rights.touch(person) ??
    (row.role === null ? null : rights.give(row.role, row.platform ?? '*')) ??
    (row.platformRole === null ? null : rights.assign(row.platform ?? '*'))
  );
}

function isTouched({ state, version, authzVersion }: StoredPerson): boolean {
  return state !== 'invited' || version !== 1 || authzVersion !== 1;
}

function isChanged({ version, authzVersion }: StoredPerson, before: PersonBefore): boolean {
  return version !== before.versionAfter || authzVersion !== before.authzVersionAfter;
}

async function setBack(tx: Tx, importId: string, undoable: readonly Undoable[]): Promise<void> {
  const changed = undoable.flatMap(({ row, person, before }) => (before === null ? [] : [{ row, person, before }]));
  await updatePeople(
    tx,
    changed.map(({ person, before }) => ({ id: person.id, name: before.name })),
  );
  await restoreGrants(
    tx,
    importId,
    changed.flatMap(({ row: { role, platform }, person, before: { grant } }) =>
      grant === undefined || role === null || platform === null
        ? []
        : [{ userId: person.id, role, platform, before: grant }],
    ),
  );
  await restoreMemberships(
    tx,
    importId,
    changed.flatMap(({ row: { platform }, person, before: { membership } }) =>
      membership === undefined || platform === null ? [] : [{ userId: person.id, platform, before: membership }],
    ),
  );
}
