import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permissions } from '../permissions/index.ts';
import { DAY_MS } from '../time/index.ts';
import {
  actReason,
  attentionKinds,
  attentionOf,
  authorizeInput,
  bulkInput,
  directoryListInput,
  isTopPlatformRole,
  offboardInput,
  platformRole,
  platformRoleChange,
  platformRoles,
  roleOfWord,
  searchWords,
  updateProfileInput,
  userStates,
  type AttentionFacts,
} from './index.ts';

const nowMs = Date.UTC(2026, 5, 1);
const instant = fc.integer({ min: nowMs - 400 * DAY_MS, max: nowMs + 400 * DAY_MS });
const facts: fc.Arbitrary<AttentionFacts> = fc.record({
  state: fc.constantFrom(...userStates),
  createdAt: instant,
  lastSeenAt: fc.option(instant),
  grants: fc.array(fc.record({ role: fc.constantFrom('owner', 'admin', 'role_abcd'), expiresAt: fc.option(instant) }), {
    maxLength: 3,
  }),
  hasSecondFactor: fc.boolean(),
  invitationEndsAt: fc.option(instant),
});

describe('what needs a look', () => {
  const usual: AttentionFacts = {
    state: 'active',
    createdAt: nowMs - 200 * DAY_MS,
    lastSeenAt: nowMs - DAY_MS,
    grants: [{ role: 'owner', expiresAt: null }],
    hasSecondFactor: true,
    invitationEndsAt: null,
  };

  it.each<[string, Partial<AttentionFacts>, string[]]>([
    ['nothing as a rule', {}, []],
    ['an owner without a second factor', { hasSecondFactor: false }, ['owner_without_second_factor']],
    ['nobody else without one', { hasSecondFactor: false, grants: [{ role: 'admin', expiresAt: null }] }, []],
    ['who was not seen for more than 90 days', { lastSeenAt: nowMs - 90 * DAY_MS - 1 }, ['idle']],
    ['not who was seen 90 days ago', { lastSeenAt: nowMs - 90 * DAY_MS }, []],
    ['who never came, from the day they were added', { lastSeenAt: null }, ['idle']],
    ['not who has nothing to do here', { lastSeenAt: null, grants: [] }, []],
    [
      'an invitation in its last two days',
      { state: 'invited', invitationEndsAt: nowMs + 2 * DAY_MS },
      ['invitation_ends'],
    ],
    ['not an earlier one', { state: 'invited', invitationEndsAt: nowMs + 2 * DAY_MS + 1 }, []],
    ['a role in its last week', { grants: [{ role: 'admin', expiresAt: nowMs + 7 * DAY_MS }] }, ['grant_ends']],
    [
      'nobody who left',
      { state: 'offboarded', lastSeenAt: null, hasSecondFactor: false, grants: [{ role: 'owner', expiresAt: nowMs }] },
      [],
    ],
  ])('is %s', (_, change, kinds) => {
    expect(attentionOf({ ...usual, ...change }, nowMs)).toEqual(kinds);
  });

  it('is named in one order, each reason once, and a second factor never makes it more', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const kinds = attentionOf(given, nowMs);
        expect(kinds).toEqual(attentionKinds.filter((kind) => kinds.includes(kind)));
        const safer = attentionOf({ ...given, hasSecondFactor: true }, nowMs);
        expect(kinds).toEqual(expect.arrayContaining(safer));
      }),
    );
  });
});

describe('words searched for', () => {
  it('are few, whole, without blanks, and the same however they were composed', () => {
    expect(searchWords('  Zoe\u0308  zoë\tZoë ')).toEqual(['Zoë', 'zoë']);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const words = searchWords(text);
        expect(words.length).toBeLessThanOrEqual(8);
        expect(new Set(words).size).toBe(words.length);
        for (const word of words) expect(word).toMatch(/^\S+$/u);
        expect(searchWords(words.join(' '))).toEqual(words);
      }),
    );
  });

  it('name a role only when they are its whole name', () => {
    expect(roleOfWord('Support')).toBe('support');
    for (const word of ['supp', 'role_abcd', '', 'constructor']) expect(roleOfWord(word)).toBeNull();
  });
});

describe('roles of the platforms', () => {
  const platform = fc.constantFrom('hashinsight', 'web3audit', 'stellarescrow', 'any-other');
  const held = (of: string) => fc.option(fc.constantFrom(...platformRoles(of).map((role) => role.name)));

  it('have names of their own, never those of permissions of the console, which say who is asked about', () => {
    for (const of of ['hashinsight', 'web3audit', 'any-other']) {
      const roles = platformRoles(of);
      expect(new Set(roles.map((role) => role.name)).size).toBe(roles.length);
      for (const { permissions: names } of roles) {
        expect(names.filter((name) => (permissions as readonly string[]).includes(name))).toEqual([]);
        for (const name of names) expect(authorizeInput.shape.permission.safeParse(name).success).toBe(true);
      }
    }
  });

  it('stand in order of what they may do: the first may do all the others may, and is the only top one', () => {
    for (const of of ['hashinsight', 'web3audit', 'any-other']) {
      const [top, ...others] = platformRoles(of);
      for (const { name, permissions: names } of others) {
        expect(top?.permissions).toEqual(expect.arrayContaining([...names]));
        expect(isTopPlatformRole(of, name)).toBe(false);
      }
      expect(isTopPlatformRole(of, top?.name ?? '')).toBe(true);
    }
  });

  it('differ by exactly what a change adds and removes', () => {
    const change = platform.chain((of) => fc.record({ of: fc.constant(of), from: held(of), to: held(of) }));
    fc.assert(
      fc.property(change, ({ of, from, to }) => {
        const names = (role: string | null) => (role === null ? [] : (platformRole(of, role)?.permissions ?? []));
        const { added, removed } = platformRoleChange(of, { from, to });
        const after = new Set([...names(from).filter((name) => !removed.includes(name)), ...added]);
        expect(after).toEqual(new Set(names(to)));
        expect(platformRoleChange(of, { from: to, to: from })).toEqual({ added: removed, removed: added });
      }),
    );
  });

  it('are those of the manuals', () => {
    expect(platformRoles('hashinsight').map((role) => role.name)).toEqual(['owner', 'admin', 'broker', 'client']);
    expect(platformRoles('web3audit').map((role) => role.name)).toEqual(['admin', 'auditor', 'viewer']);
    expect(platformRoleChange('hashinsight', { from: 'client', to: 'broker' }).added).toEqual([
      'customers:read',
      'customers:write',
    ]);
    expect(platformRole('hashinsight', 'admin')?.permissions).toContain('miners:delete');
    expect(platformRole('hashinsight', 'client')?.permissions).not.toContain('miners:delete');
    expect(platformRole('hashinsight', 'toString')).toBeNull();
  });
});

describe('inputs', () => {
  it.each([
    ['a text too long', directoryListInput, { text: 'x'.repeat(101) }],
    ['half a character', directoryListInput, { text: '\ud800' }],
    ['a NUL', directoryListInput, { text: 'a\0b' }],
    ['an unknown filter', directoryListInput, { password: 'x' }],
    ['a page too large', directoryListInput, { limit: 201 }],
    ['an instant no clock shows', directoryListInput, { seenFrom: 1e18 }],
    ['an instant no database could read back', directoryListInput, { seenTo: Date.UTC(10_000, 0) }],
    ['somebody named twice', bulkInput, { act: 'suspend', ids: ['usr_a', 'usr_a'], reason: 'left' }],
    [
      '501 people',
      bulkInput,
      { act: 'suspend', ids: Array.from({ length: 501 }, (_, i) => `usr_${i}`), reason: 'left' },
    ],
    ['nobody', bulkInput, { act: 'suspend', ids: [], reason: 'left' }],
    ['an id of something else', updateProfileInput, { id: 'ses_a', version: 1 }],
    ['a role slipped in', updateProfileInput, { id: 'usr_a', version: 1, role: 'owner' }],
    [
      'one key twice',
      offboardInput,
      {
        id: 'usr_a',
        reason: 'left',
        keys: [
          { keyId: 'k', becomes: 'revoke' },
          { keyId: 'k', becomes: 'revoke' },
        ],
      },
    ],
    [
      'a key that goes to nobody',
      offboardInput,
      { id: 'usr_a', reason: 'left', keys: [{ keyId: 'k', becomes: 'transfer' }] },
    ],
  ])('refuse %s', (_, schema, given) => {
    expect(schema.safeParse(given).success).toBe(false);
  });

  it('keep a reason on one visible line', () => {
    expect(actReason.parse('  joins  the desk ')).toBe('joins the desk');
    for (const text of ['', 'ab', '   ', 'x'.repeat(501), 'x'.repeat(200_000), 'left\u202e', 'a\0bc']) {
      expect(actReason.safeParse(text).success).toBe(false);
    }
  });
});
