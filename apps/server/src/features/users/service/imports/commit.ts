import { criticalAmong, MANY_PEOPLE, rulesFor, type ActOutcome, type Risk } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import { isTopPlatformRole, type CommitImportInput, type ImportView } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { needsApproval } from '../../../../platform/approvals.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { permissionsOf } from '../../../../platform/escalation.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import {
  lockImport,
  selectImportGifts,
  selectRows,
  updateImport,
  type ImportRecord,
} from '../../queries/imports/imports.ts';
import { selectProgress, tellProgress } from '../../queries/imports/progress.ts';
import { applyBatch, type Applied } from './apply.ts';
import { BATCH_ROWS, createImportIds, progressTeller, type ImportsDeps } from './deps.ts';
import { assertCanInvite, createInviter } from './invite.ts';
import { createRights } from './rights.ts';
import { viewImport, visible } from './views.ts';
import { loadWorld } from './world.ts';

type Gifts = Awaited<ReturnType<typeof selectImportGifts>>;

/**
 * Does what a checked file asks for, in one transaction: rights and rows are judged again as they are now. With `all`
 * nothing happens when any row is wrong; with `valid` the wrong ones are left out. Many grants, owners, critical
 * permissions and first roles of platforms wait for a second person. Invitations go out only when asked for. Throws
 * `not_found`, `conflict`, `invalid`, and for invitations `precondition` and `forbidden`.
 */
export async function commitImport(
  ctx: Ctx,
  deps: ImportsDeps,
  input: CommitImportInput,
): Promise<ActOutcome & { import: ImportView }> {
  const { id } = input;
  if ((await selectProgress(ctx.db, [id])).has(id)) {
    throw new DomainError('conflict', 'This import is being committed already.');
  }
  try {
    const approval = await write(ctx, async (tx, record) => {
      const found = visible(ctx, await lockImport(tx, id));
      assertCommittable(found, input);
      assertCanInvite(deps, found, input);
      const gifts = await selectImportGifts(tx, id, ctx.now());
      const notice = await askOthers({ ctx, tx, record }, { found, input, gifts });
      if (notice === null) await applyAll({ ctx, tx, record }, { deps, found, input, gifts });
      return notice;
    });
    if (approval !== null) ctx.hub.publish('approvals');
    return { approval, import: await viewImport(ctx, deps, id) };
  } finally {
    ctx.hub.publish('users');
  }
}

interface Change {
  ctx: Ctx;
  tx: Tx;
  record: (entry: AuditEntry) => void;
}

function assertCommittable({ state, errorCount, rowCount }: ImportRecord, { mode }: CommitImportInput): void {
  if (state !== 'checked') {
    throw new DomainError(
      'conflict',
      `This import is ${state.replace('_', ' ')}; only a checked one can be committed.`,
    );
  }
  if (mode === 'all' && errorCount > 0) {
    throw new DomainError(
      'conflict',
      `${errorCount} of ${rowCount} rows are wrong; put them right and upload the file again, or commit the valid rows alone.`,
    );
  }
}

async function askOthers(
  { ctx, tx, record }: Change,
  { found, input, gifts }: { found: ImportRecord; input: CommitImportInput; gifts: Gifts },
) {
  const { id, mode, reason, sendInvitations } = input;
  const people = gifts.grants.reduce((sum, given) => sum + given.people, 0);
  const summary = `Import ${found.rowCount} rows of ${found.fileName}: ${found.createCount} new people, ${found.updateCount} changed, ${people} given roles${sendInvitations ? `, ${found.createCount} invited by mail` : ''}.`;
  return needsApproval(
    ctx,
    tx,
    {
      kind: 'users.import',
      // The hash binds the agreement to this very file.
      params: { id, mode, reason, sha256: found.sha256, ...(sendInvitations && { sendInvitations }) },
      platform: null,
      summary,
      rules: rulesFor(await risksOf(tx, gifts, people)),
      reason,
    },
    record,
  );
}

async function risksOf(tx: Tx, { grants, accounts }: Gifts, people: number): Promise<Risk[]> {
  const gives = await Promise.all(
    grants.map(async ({ role, platform }) => ({ platform, permissions: await permissionsOf(tx, role) })),
  );
  const risks: Risk[] = [];
  if (grants.some(({ role }) => role === 'owner')) risks.push({ kind: 'makes_owner', gives });
  if (gives.some((given) => criticalAmong(given, []).length > 0)) risks.push({ kind: 'gives_critical', gives });
  if (people > MANY_PEOPLE) risks.push({ kind: 'many_people', gives });
  if (accounts.some(({ platform, role }) => isTopPlatformRole(platform, role)))
    risks.push({ kind: 'top_platform_role' });
  return risks;
}

async function applyAll(
  { ctx, tx, record }: Change,
  of: { deps: ImportsDeps; found: ImportRecord; input: CommitImportInput; gifts: Gifts },
): Promise<void> {
  const { deps, found, input, gifts } = of;
  const { id, mode, reason } = input;
  const now = ctx.now();
  const tell = progressTeller(ctx, (rowsDone) => tellProgress(tx, id, rowsDone));
  await tell(0);
  const world = await loadWorld(tx);
  const newId = createImportIds();
  const memo = createRights(tx, ctx);
  const inviter =
    input.sendInvitations && deps.mail !== null ? createInviter(ctx, deps.mail, { importId: id, now }) : null;
  const sum: Applied = { created: 0, updated: 0, same: 0, wrong: 0 };
  for (let afterLine = 0; ;) {
    const rows = await selectRows(tx, { id, afterLine, limit: BATCH_ROWS, right: true });
    const last = rows.at(-1);
    if (last === undefined) break;
    afterLine = last.line;
    const applied = await applyBatch(tx, rows, {
      world,
      memo,
      mode,
      by: { importId: id, actorId: ctx.actor.id, reason, now },
      newId,
      inviter,
    });
    for (const key of Object.keys(sum) as (keyof Applied)[]) sum[key] += applied[key];
    await tell(sum.created + sum.updated + sum.same + sum.wrong);
  }
  const errorCount = found.errorCount + sum.wrong;
  const counts = { createCount: sum.created, updateCount: sum.updated, sameCount: sum.same, errorCount };
  await updateImport(tx, id, { state: 'committed', mode, committedAt: now, doneCount: found.rowCount, ...counts });
  record({
    action: 'users.imported',
    category: 'access',
    level: 'warning',
    target: { kind: 'import', id },
    details: { fileName: found.fileName, sha256: found.sha256, mode, reason, grants: gifts.grants },
    before: { state: found.state },
    after: { state: 'committed', ...counts },
  });
  const invited = inviter?.entry() ?? null;
  if (invited !== null) record(invited);
}
