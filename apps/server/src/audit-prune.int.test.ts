import { asc, eq, like } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople } from '../test/directory.ts';
import { quickUsersDeps } from '../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { createFakeKeeping, type FakeKeeping } from './adapters/audit-keeping/fake.ts';
import { approvableActs } from './approvable-acts.ts';
import { approvals, auditEvents, auditWords, users } from './db/schema/index.ts';
import { decideApproval } from './features/approvals/service/decide.ts';
import { executeApproval } from './features/approvals/service/execute.ts';
import { archiveAudit } from './features/audit/keeping/archive.ts';
import { signChain } from './features/audit/keeping/checkpoints.ts';
import { verifyLines } from './features/audit/keeping/lines.ts';
import { pruneAudit } from './features/audit/keeping/prune.ts';
import { verifyChain } from './features/audit/service.ts';
import { createImportsDeps } from './features/users/service/imports/deps.ts';
import { genesisHash } from './platform/audit-chain.ts';
import { write } from './platform/write.ts';

const DAY_MS = 86_400_000;
const people = quickUsersDeps();
let stores: TestStores;
let audit: { keeping: FakeKeeping; sealing: typeof people.sealing };
const ids: Record<string, string> = {};

beforeEach(async () => {
  stores = await openTestStores();
  audit = { keeping: createFakeKeeping(), sealing: people.sealing };
  const roles = { Root: 'owner', Second: 'owner', Third: 'admin' } as const;
  const named = Object.entries(roles).map(([name, role]) => ({ name, roles: [role] }));
  const made = await addPeople(stores.db, named);
  named.forEach(({ name }, i) => (ids[name] = made[i] ?? ''));
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
});
afterEach(() => stores.close());

const as = (name: string) => actingAs(stores, ids[name] ?? '');
const refusedWith = (code: string) => ({ name: 'DomainError', code });

/** Writes and signs rows; gives the instant behind them. */
async function recorded(rows: number): Promise<number> {
  await write(testCtx(stores), async (_tx, record) => {
    for (let i = 0; i < rows; i += 1) {
      record({ action: 'slo.created', category: 'slo', target: { kind: 'slo', id: `row_${i}` } });
    }
  });
  stores.clock.advance(60_000);
  await signChain(testCtx(stores), audit);
  return stores.clock.now().getTime();
}
const archive = (before: number) => archiveAudit(testCtx(stores), audit, { before });
const prune = async (by: string, before: number, reason = 'Space') =>
  pruneAudit(await as(by), audit, { before, reason });

/** Asks for a prune; gives the id of the request. */
async function ask(by: string, before: number): Promise<string> {
  const { approval, rows } = await prune(by, before);
  if (approval === null) throw new Error(`${rows} rows were pruned at once`);
  return approval.id;
}
const approve = async (by: string, id: string) =>
  decideApproval(await as(by), { id, decision: 'approve', reason: 'It is archived' });
const execute = async (by: string, id: string) => {
  const acts = approvableActs({ users: people, imports: createImportsDeps(), audit });
  return executeApproval(await as(by), acts, id);
};
const seqs = async () =>
  (await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq))).map((row) => row.seq);
const stateOf = async (id: string) => (await stores.db.select().from(approvals).where(eq(approvals.id, id)))[0]?.state;

describe('a prune that others agreed to', () => {
  let old: number;
  beforeEach(async () => {
    old = await recorded(4);
    await archive(old);
    stores.clock.advance(91 * DAY_MS);
  });

  it('removes what is archived and verified, and the chain goes on over the gap', async () => {
    const request = await ask('Root', old);
    await approve('Second', request);
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    await expect(approve('Root', request)).rejects.toMatchObject(refusedWith('forbidden'));
    await approve('Third', request);
    await expect(execute('Second', request)).rejects.toMatchObject(refusedWith('forbidden'));
    expect((await seqs())[0]).toBe(1);
    expect(await execute('Root', request)).toMatchObject({ approval: null, rows: 4 });
    expect((await seqs())[0]).toBe(5);
    const [place = ''] = audit.keeping.archives.keys();
    const whole = await verifyLines(audit.keeping.readArchive(place), { from: { seq: 0, hash: genesisHash } });
    expect(whole).toMatchObject({ fault: null, last: { seq: 4 } });
    stores.clock.advance(60_000);
    await signChain(testCtx(stores), audit);
    const verdict = await verifyChain(stores, audit.keeping);
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.reason).toContain('Rows 1 to 4 are archived');
    const log = await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq));
    const told = log.filter((row) => row.userId !== null);
    expect(told.map((row) => [row.action, row.userId])).toEqual([
      ['approvals.requested', ids['Root']],
      ['approvals.decided', ids['Second']],
      ['approvals.decided', ids['Third']],
      ['audit.pruned', ids['Root']],
      ['approvals.executed', ids['Root']],
    ]);
    expect(told[3]).toMatchObject({ level: 'critical', details: { approvalId: request, toSeq: 4, archives: [place] } });
    // The search forgets what is gone, and nothing else.
    expect(await stores.db.$count(auditWords, like(auditWords.word, 'row%'))).toBe(0);
    expect(await stores.db.$count(auditWords, eq(auditWords.word, request))).toBe(1);
  });

  it('does not take what was archived after they agreed', async () => {
    const later = await recorded(3);
    stores.clock.advance(91 * DAY_MS);
    const request = await ask('Root', later);
    await approve('Second', request);
    await approve('Third', request);
    await archive(later);
    expect(await execute('Root', request)).toMatchObject({ rows: 4 });
    expect((await seqs())[0]).toBe(5);
    expect(await verifyChain(stores, audit.keeping)).toMatchObject({ ok: true });
  });

  it('leaves every row when the archive was changed since', async () => {
    const request = await ask('Root', old);
    await approve('Second', request);
    await approve('Third', request);
    for (const [place, text] of audit.keeping.archives) audit.keeping.archives.set(place, text.replace('slo.', 'sla.'));
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect((await seqs())[0]).toBe(1);
    expect(await stateOf(request)).toBe('failed');
  });

  it('is for what was asked: other words are another request, and what is stored cannot be changed', async () => {
    const request = await ask('Root', old);
    await approve('Second', request);
    await approve('Third', request);
    const params = { before: old, reason: 'Space', throughSeq: 9_999 };
    await expect(stores.db.update(approvals).set({ params }).where(eq(approvals.id, request))).rejects.toThrow();
    const other = await prune('Root', old, 'Something else');
    expect(other.rows).toBe(0);
    expect(other.approval?.id).not.toBe(request);
    await expect(execute('Root', other.approval?.id ?? '')).rejects.toMatchObject(refusedWith('conflict'));
    expect((await seqs())[0]).toBe(1);
  });

  it('is done once where two were agreed to', async () => {
    const [one, two] = [await ask('Root', old), await ask('Second', old)];
    await approve('Second', one);
    await approve('Third', one);
    await approve('Root', two);
    await approve('Third', two);
    await execute('Root', one);
    await expect(execute('Second', two)).rejects.toMatchObject(refusedWith('precondition'));
    expect(await verifyChain(stores, audit.keeping)).toMatchObject({ ok: true });
  });
});
