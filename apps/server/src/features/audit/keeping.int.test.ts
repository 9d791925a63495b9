import { asc, desc, eq, gt, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeKeeping, type FakeKeeping } from '../../adapters/audit-keeping/fake.ts';
import { auditCheckpoints, auditEvents, auditHead, auditSegments, facts } from '../../db/schema/index.ts';
import { createSealing } from '../../platform/sealing.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { write } from '../../platform/write.ts';
import { archiveAudit } from './keeping/archive.ts';
import { signChain } from './keeping/checkpoints.ts';
import { readNotes, readVerifier, isSignedBy } from './keeping/note.ts';
import { pruneAudit } from './keeping/prune.ts';
import { createAuditRouter } from './router.ts';
import { verifyChain } from './service.ts';

const DAY_MS = 86_400_000;
const guarded = ['audit_events', 'audit_head', 'audit_checkpoints', 'audit_segments'];
const sealing = createSealing('a password of at least 32 characters');
let stores: TestStores;
let keeping: FakeKeeping;
const deps = () => ({ keeping, sealing });

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  keeping = createFakeKeeping();
  await asTableOwner(async () => {
    for (const table of [auditEvents, auditHead, auditCheckpoints, auditSegments]) await stores.db.delete(table);
  });
  await stores.db.delete(facts).where(eq(facts.key, 'audit.signing_key'));
});

/** What whoever owns the tables can do; checkpoints are there to show it. */
async function asTableOwner(act: () => Promise<unknown>): Promise<void> {
  for (const table of guarded) await stores.db.execute(sql.raw(`alter table ${table} disable trigger user`));
  await act();
  for (const table of guarded) await stores.db.execute(sql.raw(`alter table ${table} enable trigger user`));
}

async function fill(count: number): Promise<void> {
  await write(testCtx(stores), async (_tx, record) => {
    for (let i = 0; i < count; i += 1) record({ action: 'slo.created', category: 'slo', details: { i } });
  });
}
const ctx = () => testCtx(stores);
const signed = async () => {
  stores.clock.advance(60_000);
  await signChain(ctx(), deps());
};
const verify = () => verifyChain(stores, keeping);
const callAs = (actor: Parameters<typeof testCtx>[1]) =>
  createCallerFactory(createAuditRouter(deps()))(testCtx(stores, actor));

describe('checkpoints', () => {
  it('are signed for new rows, written outside, and can be checked with the public key alone', async () => {
    await fill(3);
    await signed();
    await signed();
    const page = await callAs({ actor: actorWith('auditor') }).checkpoints({});
    expect(page.rows).toMatchObject([{ seq: 3 }]);
    expect(page.rows[0]?.writtenAt).not.toBeNull();
    const verifier = readVerifier(page.publicKey ?? '');
    const [note] = readNotes(keeping.written.join(''));
    expect(note).toMatchObject({ seq: 3 });
    expect(note && verifier && isSignedBy(note, verifier)).toBe(true);
    expect(note && verifier && isSignedBy({ ...note, text: note.text.replace('3', '4') }, verifier)).toBe(false);
    expect(await verify()).toMatchObject({ ok: true, rows: 3, checkpoints: 1 });
    await expect(callAs({ actor: actorWith('operator') }).checkpoints({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('come at once after many rows, and after a minute for few', async () => {
    await fill(2);
    await signChain(ctx(), deps());
    await fill(2);
    await signChain(ctx(), deps());
    expect(keeping.written).toHaveLength(1);
    await fill(1_000);
    await signChain(ctx(), deps());
    expect(keeping.written).toHaveLength(2);
  });

  it('that could not be written outside follow later', async () => {
    await fill(1);
    const { appendNote } = keeping;
    keeping.appendNote = () => Promise.reject(new Error('disk full'));
    await expect(signed()).rejects.toThrow('disk full');
    keeping.appendNote = appendNote;
    await signed();
    expect([...readNotes(keeping.written.join(''))].map((n) => n.seq)).toEqual([1]);
  });

  it('are not made of rows that do not fit', async () => {
    await fill(2);
    await asTableOwner(() =>
      stores.db
        .update(auditEvents)
        .set({ details: { forged: 1 } })
        .where(eq(auditEvents.seq, 2)),
    );
    await expect(signed()).rejects.toMatchObject({ code: 'conflict' });
    expect(keeping.written).toEqual([]);
  });

  it('open with the password they were sealed with and no other', async () => {
    await fill(1);
    await signed();
    await fill(1);
    stores.clock.advance(60_000);
    const other = createSealing('another password of 32 characters');
    await expect(signChain(ctx(), { keeping, sealing: other })).rejects.toMatchObject({ code: 'precondition' });
  });
});

describe('with checkpoints verification finds what hashes alone cannot:', () => {
  beforeEach(async () => {
    await fill(4);
    await signed();
  });

  it('a log cut off together with its head', async () => {
    const [third] = await stores.db.select().from(auditEvents).where(eq(auditEvents.seq, 3));
    await asTableOwner(async () => {
      await stores.db.delete(auditEvents).where(gt(auditEvents.seq, 3));
      await stores.db.delete(auditCheckpoints);
      await stores.db.update(auditHead).set({ seq: 3, hash: third?.hash ?? new Uint8Array(32) });
    });
    expect(await verifyChain(stores)).toMatchObject({ ok: true });
    const verdict = await verify();
    expect(verdict).toMatchObject({ ok: false, brokenSeq: 4 });
    expect(verdict.reason).toContain('cut off');
  });

  it('a log written anew from the beginning', async () => {
    await asTableOwner(async () => {
      await stores.db.delete(auditEvents);
      await stores.db.delete(auditHead);
      await stores.db.delete(auditCheckpoints);
    });
    await fill(6);
    expect(await verifyChain(stores)).toMatchObject({ ok: true });
    expect(await verify()).toMatchObject({ ok: false, brokenSeq: 4 });
  });

  it('an exchanged key', async () => {
    await stores.db.delete(facts).where(eq(facts.key, 'audit.signing_key'));
    expect((await verify()).reason).toContain('has signed none');
    await fill(1);
    await signed();
    expect((await verify()).reason).toContain('The key in the database');
  });

  it('a checkpoint nobody signed', async () => {
    await asTableOwner(() => stores.db.update(auditCheckpoints).set({ hash: new Uint8Array(32) }));
    expect((await verify()).reason).toContain('not signed by this console');
  });
});

describe('archives', () => {
  const before = () => stores.clock.now().getTime() + 1;

  it('hold the signed rows in parts, read back and recorded', async () => {
    await fill(5);
    await signed();
    const answer = await archiveAudit(ctx(), deps(), { before: before() }, 2);
    expect(answer.rows).toBe(5);
    expect(answer.segments.map((s) => [s.fromSeq, s.toSeq, s.verifiedAt !== null])).toEqual([
      [1, 2, true],
      [3, 4, true],
      [5, 5, true],
    ]);
    const [last] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
    expect(last).toMatchObject({ action: 'audit.archived', details: { fromSeq: 5, toSeq: 5 } });
    await expect(archiveAudit(ctx(), deps(), { before: 1 })).rejects.toMatchObject({ code: 'precondition' });
    expect((await callAs({ actor: actorWith('auditor') }).segments({ limit: 2 })).rows.map((s) => s.fromSeq)).toEqual([
      5, 3,
    ]);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('let old rows go, and the chain goes on from there', async () => {
    await fill(4);
    await signed();
    await archiveAudit(ctx(), deps(), { before: before() }, 2);
    const old = before();
    await expect(pruneAudit(ctx(), deps(), { before: old, reason: 'Space' })).rejects.toMatchObject({
      code: 'invalid',
    });
    stores.clock.advance(91 * DAY_MS);
    expect(await pruneAudit(ctx(), deps(), { before: old, reason: 'Space' })).toMatchObject({
      approval: null,
      rows: 4,
    });
    const rows = await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq));
    expect(rows[0]?.seq).toBe(5);
    expect(rows.at(-1)).toMatchObject({ action: 'audit.pruned', level: 'critical' });
    await signed();
    const verdict = await verify();
    expect(verdict).toMatchObject({ ok: true, brokenSeq: null });
    expect(verdict.reason).toContain('Rows 1 to 4 are archived');
  });

  it('that were spoilt keep their rows in the database', async () => {
    await fill(2);
    await signed();
    const { segments } = await archiveAudit(ctx(), deps(), { before: before() });
    const old = before();
    stores.clock.advance(91 * DAY_MS);
    const place = segments[0]?.place ?? '';
    const text = keeping.archives.get(place) ?? '';
    keeping.archives.set(place, text.replace('slo.created', 'slo.deleted'));
    await expect(pruneAudit(ctx(), deps(), { before: old, reason: 'Space' })).rejects.toMatchObject({
      code: 'conflict',
    });
    keeping.archives.delete(place);
    await expect(pruneAudit(ctx(), deps(), { before: old, reason: 'Space' })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await stores.db.$count(auditEvents, eq(auditEvents.seq, 1))).toBe(1);
  });

  it('are made and pruned by owners alone', async () => {
    for (const role of ['admin', 'auditor'] as const) {
      const caller = callAs({ actor: actorWith(role) });
      await expect(caller.archive({ before: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(caller.prune({ before: 1, reason: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
