import { rolePermissions } from '@qd/shared/permissions';
import { expect, test } from 'vitest';
import { addedBy, lostBy, mayGive, sentenceOf } from './rights.ts';

const custom = { id: 'role_desk', title: 'Desk', permissions: ['slo:read', 'audit:read'] as const };
const held = [{ role: 'stakeholder', platform: '*' }];

test('a role adds only what is not held there already', () => {
  expect(addedBy(held, { role: 'role_desk', platform: 'hashinsight' }, [custom])).toEqual({
    added: ['audit:read'],
    removed: [],
  });
  expect(addedBy(held, { role: 'stakeholder', platform: 'hashinsight' }, []).added).toEqual([]);
});

test('taking a role back loses only what nothing else gives', () => {
  const both = [...held, { role: 'role_desk', platform: '*' }];
  expect(lostBy(both, { role: 'role_desk', platform: '*' }, [custom])).toEqual({ added: [], removed: ['audit:read'] });
});

test('nobody gives what they lack, nor wider than they hold it', () => {
  const mine = [{ platform: 'hashinsight', permissions: ['roles:grant' as const, ...custom.permissions] }];
  expect(mayGive(mine, custom, 'hashinsight')).toBe(true);
  expect(mayGive(mine, custom, '*')).toBe(false);
  expect(mayGive(mine, { id: 'owner', title: 'Owner', permissions: rolePermissions.owner }, 'hashinsight')).toBe(false);
});

test('a permission is said in words where the catalog knows it', () => {
  expect(sentenceOf('audit:read')).toBe('Read the audit log');
  expect(sentenceOf('miners:read')).toBeUndefined();
});
