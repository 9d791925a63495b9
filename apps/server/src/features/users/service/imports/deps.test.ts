import { userId } from '@qd/shared/users';
import { expect, it } from 'vitest';
import { createImportIds } from './deps.ts';

it('gives ids that fit, rise within a run, and are of their run alone', () => {
  const [newId, other] = [createImportIds(), createImportIds()];
  const ids = Array.from({ length: 50_000 }, () => newId('usr'));
  expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(new Set(ids).size).toBe(ids.length);
  expect(userId.safeParse(ids.at(-1)).success).toBe(true);
  expect(other('usr').slice(0, 12)).not.toBe(ids[0]?.slice(0, 12));
  expect(newId('grt')).toMatch(/^grt_/);
});
