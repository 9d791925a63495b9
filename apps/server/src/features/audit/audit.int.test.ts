import { auditListInput } from '@qd/shared/audit';
import { LAST_INSTANT_MS } from '@qd/shared/time';
import { asc, eq, gt, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeKeeping } from '../../adapters/audit-keeping/fake.ts';
import { auditEvents, auditHead } from '../../db/schema/index.ts';
import { createSealing } from '../../platform/sealing.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { write, type AuditEntry } from '../../platform/write.ts';
import { createAuditRouter } from './router.ts';
import { verifyChain } from './service.ts';

let stores: TestStores;
const deps = { keeping: createFakeKeeping(), sealing: createSealing('a password of at least 32 characters') };
beforeAll(async () => {
  stores = await openTestStores();
  // Whoever owns the tables can do this; the chain is there to show it.
  for (const table of ['audit_events', 'audit_head']) {
    await stores.db.execute(sql.raw(`alter table ${table} disable trigger user`));
  }
  await stores.db.execute(sql`alter table audit_events enable trigger audit_events_words`);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.delete(auditEvents);
  await stores.db.delete(auditHead);
});

const callAs = (actor: Parameters<typeof testCtx>[1]) =>
  createCallerFactory(createAuditRouter(deps))(testCtx(stores, actor));
const rows = () => stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq));

async function fill(count: number, entry: (i: number) => Partial<AuditEntry> = () => ({})): Promise<void> {
  for (let i = 1; i <= count; i += 1) {
    await write(testCtx(stores), async (_tx, record) =>
      record({ action: 'slo.created', category: 'slo', target: { kind: 'slo', id: `slo_${i}` }, ...entry(i) }),
    );
  }
}

describe('verification finds', () => {
  beforeEach(() => fill(5));

  const cases: [string, () => Promise<unknown>, number, string][] = [
    [
      'a changed detail',
      () =>
        stores.db
          .update(auditEvents)
          .set({ details: { forged: 1 } })
          .where(eq(auditEvents.seq, 3)),
      3,
      'changed',
    ],
    [
      'a changed actor',
      () => stores.db.update(auditEvents).set({ userEmail: 'someone@else.test' }).where(eq(auditEvents.seq, 2)),
      2,
      'changed',
    ],
    [
      'a moved instant',
      () =>
        stores.db
          .update(auditEvents)
          .set({ timestamp: new Date(0) })
          .where(eq(auditEvents.seq, 1)),
      1,
      'changed',
    ],
    ['a removed row', () => stores.db.delete(auditEvents).where(eq(auditEvents.seq, 3)), 3, 'missing'],
    ['a removed first row', () => stores.db.delete(auditEvents).where(eq(auditEvents.seq, 1)), 1, 'missing'],
    ['a log cut off at its end', () => stores.db.delete(auditEvents).where(gt(auditEvents.seq, 3)), 4, 'missing'],
    ['an emptied log', () => stores.db.delete(auditEvents), 1, 'missing'],
    ['a missing head', () => stores.db.delete(auditHead), 1, 'head'],
    ['a head set back', () => stores.db.update(auditHead).set({ seq: 4 }), 4, 'head'],
    [
      'a row hashed anew without its successors',
      async () => {
        const [row] = await stores.db.select().from(auditEvents).where(eq(auditEvents.seq, 2));
        await stores.db
          .update(auditEvents)
          .set({ hash: row?.prevHash ?? new Uint8Array(32) })
          .where(eq(auditEvents.seq, 2));
      },
      2,
      'changed',
    ],
    [
      'a row added past the head',
      async () => {
        const [last] = (await rows()).slice(-1);
        if (last)
          await stores.db.insert(auditEvents).values({ ...last, seq: 6, eventId: 'forged', prevHash: last.hash });
      },
      6,
      'added',
    ],
  ];
  it.each(cases)('%s', async (_name, tamper, brokenSeq, word) => {
    expect(await verifyChain(stores)).toMatchObject({ ok: true, rows: 5, brokenSeq: null });
    await tamper();
    const verdict = await verifyChain(stores);
    expect(verdict).toMatchObject({ ok: false, brokenSeq });
    expect(verdict.reason).toContain(word);
  });

  it('an exchange of two rows', async () => {
    await stores.db.update(auditEvents).set({ seq: 99 }).where(eq(auditEvents.seq, 2));
    await stores.db.update(auditEvents).set({ seq: 2 }).where(eq(auditEvents.seq, 3));
    await stores.db.update(auditEvents).set({ seq: 3 }).where(eq(auditEvents.seq, 99));
    expect(await verifyChain(stores)).toMatchObject({ ok: false, brokenSeq: 2 });
  });
});

describe('audit.verify', () => {
  it('proves an empty log', async () => {
    expect(await verifyChain(stores)).toMatchObject({ ok: true, rows: 0 });
  });

  it('walks more rows than one page and records that it did', async () => {
    const ctx = testCtx(stores);
    await write(ctx, async (_tx, record) => {
      for (let i = 0; i < 1_100; i += 1) record({ action: 'slo.created', category: 'slo', details: { i } });
    });
    expect(await callAs({ actor: actorWith('auditor') }).verify()).toMatchObject({ ok: true, rows: 1_100 });
    const [last] = (await rows()).slice(-1);
    expect(last).toMatchObject({
      action: 'audit.verified',
      userEmail: 'auditor@example.test',
      details: { rows: 1_100 },
    });
  });

  it('is refused to who may not', async () => {
    await expect(callAs({ actor: actorWith('operator') }).verify()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('audit.list', () => {
  const list = (input: Parameters<ReturnType<typeof callAs>['list']>[0], actor = actorWith('auditor')) =>
    callAs({ actor }).list(input);

  it('pages from the newest to the oldest without gap or repeat, while rows are added', async () => {
    await fill(7);
    const first = await list({ limit: 3 });
    await fill(2);
    const second = await list({ limit: 3, cursor: first.nextCursor ?? '' });
    const third = await list({ limit: 3, cursor: second.nextCursor ?? '' });
    expect([first, second, third].map((p) => p.rows.map((r) => r.seq))).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    expect(third.nextCursor).toBeNull();
  });

  it('shows the manual’s field names and hashes in hex', async () => {
    await fill(1, () => ({ before: { a: 1 }, after: { a: 2 } }));
    const {
      rows: [row],
    } = await list({});
    expect(row).toMatchObject({
      seq: 1,
      actor_kind: 'system',
      user_email: null,
      target: { kind: 'slo', id: 'slo_1' },
      after: { a: 2 },
    });
    expect(row?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.prev_hash).toBe('0'.repeat(64));
  });

  it('filters by each field, and by all given at once', async () => {
    const actor = { ...actorWith('admin'), id: 'usr_a', email: 'Ada@example.com' };
    await fill(2);
    stores.clock.advance(60_000);
    const laterMs = stores.clock.now().getTime();
    await write(testCtx(stores, { actor }), async (_tx, record) =>
      record({
        action: 'users.signed_in',
        category: 'authentication',
        status: 'denied',
        target: { kind: 'user', id: '100%_done' },
      }),
    );
    const seqs = async (input: Partial<Parameters<typeof list>[0]>) =>
      (await list({ ...input })).rows.map((r) => r.seq);
    expect(await seqs({ actor: 'usr_a' })).toEqual([3]);
    expect(await seqs({ actor: 'ada@EXAMPLE.com' })).toEqual([3]);
    expect(await seqs({ action: 'slo' })).toEqual([2, 1]);
    expect(await seqs({ action: 'slo.created' })).toEqual([2, 1]);
    expect(await seqs({ action: 'sl' })).toEqual([]);
    expect(await seqs({ status: 'denied' })).toEqual([3]);
    expect(await seqs({ targetKind: 'slo' })).toEqual([2, 1]);
    expect(await seqs({ from: laterMs })).toEqual([3]);
    expect(await seqs({ to: LAST_INSTANT_MS })).toEqual([3, 2, 1]);
    expect(await seqs({ to: laterMs })).toEqual([2, 1]);
    expect(await seqs({ text: 'SIGNED' })).toEqual([3]);
    expect(await seqs({ text: 'slo_2' })).toEqual([2]);
    expect(await seqs({ text: 'ada@' })).toEqual([3]);
    expect(await seqs({ text: '100%_d' })).toEqual([3]);
    expect(await seqs({ text: '%_d' })).toEqual([3]);
    expect(await seqs({ text: "'; drop table audit_events; --" })).toEqual([]);
    expect(await seqs({ action: 'slo', status: 'denied' })).toEqual([]);
  });

  it('shows an auditor of one platform its rows alone', async () => {
    await fill(3, (i) => ({ platform: [null, 'hashinsight', 'web3-audit'][i - 1] ?? null }));
    const own = await list({}, actorWith('auditor', 'hashinsight'));
    expect(own.rows.map((r) => r.platform)).toEqual(['hashinsight']);
    const foreign = await list({ platform: 'web3-audit' }, actorWith('auditor', 'hashinsight'));
    expect(foreign.rows).toEqual([]);
    expect((await list({})).rows).toHaveLength(3);
  });

  it('refuses a foreign cursor, an unknown field and who may not read', async () => {
    for (const cursor of ['abc', '0', '-1', '1e3', '9'.repeat(40), "1' or '1'='1"]) {
      await expect(list({ cursor })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }
    expect(auditListInput.safeParse({ userId: 'x' }).success).toBe(false);
    const short = auditListInput.safeParse({ text: ' ab ' });
    expect(short.error?.issues).toMatchObject([{ path: ['text'], message: 'has at least 3 characters' }]);
    await expect(list({}, actorWith('support'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
