import { noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { selectActivePerson } from '../../../db/queries/holders.ts';
import { APPROVALS_PAGE } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { notice } from '../../../platform/notices.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import { hasLapsed, lockLapsed, updateApproval } from '../queries/requests.ts';

const BATCH = 100;

/** Settles requests whose time ran out. They lapsed when it did; this writes it down and tells who asked. */
export async function settleLapsed(ctx: Ctx): Promise<void> {
  if (!(await hasLapsed(ctx.db, ctx.now()))) return;
  await write(ctx, async (tx, record) => {
    const rows = await lockLapsed(tx, ctx.now(), BATCH);
    for (const row of rows) await settle({ ctx, tx, record }, row);
    // Another replica may have settled them all by now; a transaction that changes nothing still says so.
    if (rows.length === 0) record({ action: 'approvals.lapsed', category: 'approvals', details: { requests: 0 } });
  });
  ctx.hub.publish('approvals');
}

async function settle(
  { ctx, tx, record }: { ctx: Ctx; tx: Tx; record: (entry: AuditEntry) => void },
  row: ApprovalRow,
): Promise<void> {
  await updateApproval(tx, row.id, { state: 'lapsed', settledAt: ctx.now(), outcome: 'Its time ran out.' });
  record({
    action: 'approvals.lapsed',
    category: 'approvals',
    platform: row.platform,
    target: { kind: 'approval', id: row.id },
    details: { kind: row.kind, summary: row.summary },
    before: { state: row.state },
    after: { state: 'lapsed' },
  });
  const to = await selectActivePerson(tx, row.requestedBy);
  const words = noticeWords('approvals.lapsed', { summary: row.summary });
  if (to !== null) await notice(tx, ctx, { to, ...words, url: APPROVALS_PAGE });
}
