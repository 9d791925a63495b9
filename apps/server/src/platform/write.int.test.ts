import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyText } from '../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { auditEvents, auditHead, facts } from '../db/schema/index.ts';
import { verifyChain } from '../features/audit/service.ts';
import { recordDenied, write } from './write.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const chain = () => stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq));
const factKeys = async () => (await stores.db.select({ key: facts.key }).from(facts)).map((f) => f.key);
const put = (key: string) => ({ key, value: true, updatedAt: stores.clock.now() });

describe('a change and its record', () => {
  it('are kept together', async () => {
    const ctx = testCtx(stores);
    const result = await write(ctx, async (tx, record) => {
      await tx.insert(facts).values(put('kept'));
      record({ action: 'settings.changed', category: 'settings', after: { kept: true } });
      return 7;
    });
    const [row] = await chain();
    expect(result).toBe(7);
    expect(row).toMatchObject({ seq: 1, action: 'settings.changed', status: 'success', requestId: ctx.requestId });
    expect(await factKeys()).toEqual(['kept']);
    expect(ctx.hub.published).toEqual(['audit']);
  });

  it('are refused together when nothing was recorded', async () => {
    const ctx = testCtx(stores);
    await expect(write(ctx, async (tx) => tx.insert(facts).values(put('silent')))).rejects.toThrow('must be recorded');
    expect(await factKeys()).toEqual(['kept']);
    expect(ctx.hub.published).toEqual([]);
  });

  it('are undone together when the change fails after it was recorded', async () => {
    const before = (await chain()).length;
    const failing = write(testCtx(stores), async (tx, record) => {
      await tx.insert(facts).values(put('undone'));
      record({ action: 'settings.changed', category: 'settings' });
      throw new Error('afterwards');
    });
    await expect(failing).rejects.toThrow('afterwards');
    expect(await factKeys()).toEqual(['kept']);
    expect(await chain()).toHaveLength(before);
    expect(await verifyChain(stores)).toMatchObject({ ok: true, rows: before });
  });

  it('are undone together when the record cannot be stored', async () => {
    const failing = write(testCtx(stores), async (tx, record) => {
      await tx.insert(facts).values(put('undone'));
      const before = await tx.select().from(auditEvents).limit(1);
      // Takes the place the record is about to get.
      await tx.insert(auditEvents).values(before.map((row) => ({ ...row, seq: row.seq + 1, eventId: 'in the way' })));
      record({ action: 'settings.changed', category: 'settings' });
    });
    await expect(failing).rejects.toThrow(Error);
    expect(await factKeys()).toEqual(['kept']);
    expect(await verifyChain(stores)).toMatchObject({ ok: true, rows: 1 });
  });
});

describe('the chain', () => {
  it('stays whole under 20 writers at once', async () => {
    const before = (await chain()).length;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        write(testCtx(stores), async (tx, record) => {
          await tx.insert(facts).values(put(`writer-${i}`));
          record({ action: 'settings.changed', category: 'settings', details: { writer: i } });
          record({ action: 'settings.checked', category: 'settings', details: { writer: i } });
        }),
      ),
    );
    const rows = await chain();
    expect(rows.map((r) => r.seq)).toEqual(Array.from({ length: before + 40 }, (_, i) => i + 1));
    expect(new Set(rows.slice(before).map((r) => r.details['writer'])).size).toBe(20);
    expect(await verifyChain(stores)).toMatchObject({ ok: true, rows: before + 40 });
  });

  it('starts once when its first writers come together', async () => {
    const fresh = await openTestStores();
    try {
      const writers = Array.from({ length: 8 }, () =>
        recordDenied(testCtx(fresh), { action: 'users.signed_in', category: 'x' }),
      );
      await Promise.all(writers);
      expect(await verifyChain(fresh)).toMatchObject({ ok: true, rows: 8 });
      expect(await fresh.db.select().from(auditHead)).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });

  it('keeps values of every kind as they were hashed', async () => {
    await recordDenied(testCtx(stores), {
      action: 'users.signed_in',
      category: 'authentication',
      target: { kind: 'user', id: 'a\u0000b\ud800' },
      details: {
        text: 'Zoë\r\n\u202e"quoted" \\ \u0000 \ud800',
        numbers: [0, -0, 1e308, 5e-324, 0.1, 2 ** 60, Number.NaN, Number.POSITIVE_INFINITY],
        at: new Date(0),
        big: 2n ** 80n,
        nested: { b: [null, true, { z: 1, a: 2 }], a: undefined },
        ['__proto__']: { polluted: true },
      },
      before: { a: 1 },
      after: null,
    });
    const [row] = (await chain()).slice(-1);
    expect(row).toMatchObject({ status: 'denied', level: 'warning', targetId: 'a b\ufffd' });
    expect(await verifyChain(stores)).toMatchObject({ ok: true });
  });

  it('names who acted', async () => {
    const actor = {
      ...testCtx(stores).actor,
      kind: 'user' as const,
      id: 'usr_1',
      email: 'a@example.com',
      role: 'admin',
      address: '10.0.0.9',
    };
    await recordDenied(testCtx(stores, { actor }), {
      action: 'slo.get',
      category: 'authorization',
      platform: 'hashinsight',
    });
    const rows = await stores.db.select().from(auditEvents).where(eq(auditEvents.userId, 'usr_1'));
    expect(rows).toMatchObject([
      {
        actorKind: 'user',
        userEmail: 'a@example.com',
        userRole: 'admin',
        ipAddress: '10.0.0.9',
        platform: 'hashinsight',
      },
    ]);
  });
});

describe('what is recorded', () => {
  it('holds no key somebody typed into them', async () => {
    const key = keyText();
    const shown = `${key.slice(0, 'hsi_prod_key_a1B2c3D4'.length)}…`;
    await write(testCtx(stores), async (_tx, record) =>
      record({
        action: 'settings.changed',
        category: 'settings',
        target: { kind: 'setting', id: key },
        details: { reason: `found ${key} in a chat` },
        before: { names: [key] },
        after: { note: { text: key } },
      }),
    );
    const row = (await chain()).at(-1);
    expect(row).toMatchObject({
      targetId: shown,
      details: { reason: `found ${shown} in a chat` },
      before: { names: [shown] },
      after: { note: { text: shown } },
    });
    expect(JSON.stringify(row)).not.toContain(key);
    expect(await verifyChain(stores)).toMatchObject({ ok: true });
  });
});
