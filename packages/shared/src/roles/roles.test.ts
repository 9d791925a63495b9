import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInRoles, permissions, roleTitles } from '../permissions/index.ts';
import {
  createRoleInput,
  giveRoleInput,
  humanPermissions,
  looksLikeBuiltIn,
  permissionDiff,
  roleTitleKey,
} from './index.ts';

const wish = { title: 'Night watch', permissions: ['slo:read'], reason: 'for the night' };
const faultsOf = (change: object): string =>
  (createRoleInput.safeParse({ ...wish, ...change }).error?.issues ?? []).map((i) => i.message).join('; ');

describe('a title', () => {
  it.each(['Owner', 'ADMIN', 'Аdmin', '0wner', 'Adm1n', 'Sup-port', ' o w n e r ', 'Incident  Commander', 'Оwner'])(
    'is not to be taken for a built-in role: %s',
    (title) => {
      expect(looksLikeBuiltIn(title)).not.toBeNull();
      expect(faultsOf({ title })).toContain('looks like the built-in role');
    },
  );

  it.each(['Own', 'Ownership desk', 'Administration', 'Second support line', 'Ψυχή'])('may be %s', (title) => {
    expect(faultsOf({ title })).toBe('');
  });

  it.each([
    ['hidden characters', 'Night\u202ewatch', 'hidden character'],
    ['no letter', '---', 'use letters'],
    ['nothing', '   ', 'give a name'],
    ['61 characters', 'n'.repeat(61), 'at most 60'],
    ['200 kB', 'n'.repeat(200_000), 'at most'],
  ])('is not %s', (_name, title, words) => {
    expect(faultsOf({ title })).toContain(words);
  });

  it('is the same to the eye whatever its case, blanks and script', () => {
    expect(new Set(['Night watch', 'NIGHT  WATCH', 'night-watch', 'Nіght wаtch'].map(roleTitleKey)).size).toBe(1);
    for (const role of builtInRoles) expect(looksLikeBuiltIn(roleTitles[role])).not.toBeNull();
  });
});

describe('the end of a grant', () => {
  it('lies before the year 10000, which no database could read back', () => {
    const grant = { userId: 'usr_a', role: 'support', platform: '*', reason: 'night shift' };
    const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    expect(giveRoleInput.safeParse({ ...grant, expiresAt: last }).success).toBe(true);
    expect(giveRoleInput.safeParse({ ...grant, expiresAt: last + 1 }).success).toBe(false);
  });
});

describe('permissions of a role', () => {
  it('are known, human, at least one, and kept once in catalog order', () => {
    const parsed = createRoleInput.parse({ ...wish, permissions: ['slo:write', 'slo:read', 'slo:write'] });
    expect(parsed.permissions).toEqual(['slo:read', 'slo:write']);
    expect(faultsOf({ permissions: [] })).toContain('at least one');
    expect(faultsOf({ permissions: ['slo:fly'] })).toContain('is no permission');
    expect(faultsOf({ permissions: ['toString'] })).toContain('is no permission');
    for (const machine of permissions.filter((p) => !humanPermissions.includes(p))) {
      expect(faultsOf({ permissions: [machine] })).toContain('machines only');
    }
    expect(faultsOf({ permissions: Array.from({ length: 500 }, () => 'slo:read') })).toContain('too many');
    expect(faultsOf({ isBuiltIn: true })).toContain('isBuiltIn');
  });

  it('differ by what is added and what is removed, and both lead back', () => {
    const set = fc.uniqueArray(fc.constantFrom(...permissions));
    fc.assert(
      fc.property(set, set, (before, after) => {
        const { added, removed } = permissionDiff(before, after);
        const rebuilt = [...before.filter((p) => !removed.includes(p)), ...added];
        expect(rebuilt.toSorted()).toEqual(after.toSorted());
        expect(added.filter((p) => before.includes(p))).toEqual([]);
      }),
    );
  });
});
