import { exportKeysInput } from '@qd/shared/api-keys';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addKeys, keyRow } from '../../../test/api-keys.ts';
import { addPlatforms } from '../../../test/directory.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { keysFile } from './service/list/file.ts';

/** More than one page of the file. */
const KEYS = 620;

let stores: TestStores;
const now = new Date('2026-10-03T14:47:30Z');

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop', 'bank']);
  const made = (platform: string, i: number) => {
    const number = String(i).padStart(4, '0');
    return keyRow(`${platform}${number}`, now, { platform, name: `${platform} key ${number}` });
  };
  await addKeys(stores, [...Array.from({ length: KEYS }, (_, i) => made('shop', i)), made('bank', 0)]);
});
afterAll(() => stores.close());

async function file(query: object = {}, actor: Actor = actorWith('owner'), maxRows?: number) {
  const ctx = testCtx(stores, { actor, now });
  const { text, ...about } = await keysFile(ctx, exportKeysInput.parse(query), maxRows);
  const parts: string[] = [];
  for await (const part of text) parts.push(part);
  return { ...about, lines: parts.join('').split('\r\n').slice(0, -1) };
}

it('holds every key of the filter, however many pages that are, and no secret', async () => {
  const shop = await file({ platform: 'shop' });
  expect(shop).toMatchObject({ name: 'api-keys-shop-2026-10-03', isCut: false });
  expect(new Set(shop.lines.slice(1)).size).toBe(KEYS);
  expect(shop.lines[0]).toContain('Id,Name,Platform,Environment');
  expect(shop.lines.join('\n')).not.toMatch(/[0-9a-f]{64}/);
  expect((await file({ text: 'key 0007' })).lines).toHaveLength(2);
  expect((await file({ show: 'ended' })).lines).toHaveLength(1);
});

it('shows what the reader may see', async () => {
  expect((await file({}, actorWith('admin', 'bank'))).lines).toHaveLength(2);
  expect((await file({ platform: 'shop' }, actorWith('admin', 'bank'))).lines).toHaveLength(1);
});

it('says that it is cut, and is recorded with what it holds', async () => {
  const cut = await file({ platform: 'shop' }, actorWith('owner'), 5);
  expect(cut.isCut).toBe(true);
  expect(cut.lines).toHaveLength(6);
  const [row] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
  expect(row).toMatchObject({ action: 'api-keys.exported', platform: 'shop' });
  expect(row?.details).toMatchObject({ show: 'all', keys: 5, isCut: true });
});

it.each([{ show: 'some' }, { platform: 'Not One' }, { limit: 5 }, { text: 'x'.repeat(101) }])('refuses %j', (query) => {
  expect(exportKeysInput.safeParse(query).success).toBe(false);
});
