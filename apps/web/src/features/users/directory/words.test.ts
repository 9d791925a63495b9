import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { describe, expect, test } from 'vitest';
import { NOW } from '../../../../test/fixtures.ts';
import { aRow, counts, hana, invited } from '../../../../test/users-story.ts';
import { utc } from '../../../lib/zone.ts';
import { lastColumnWords, platformShort, seenWords, signInLook, signInSentence } from '../person-words.ts';
import { directoryCall } from './call-words.ts';
import { directoryQuery, isNarrowed, sortOf } from './filters.ts';

const said = (over: Parameters<typeof counts>[0]) =>
  directoryCall(counts(over))
    .map((clause) => clause.text)
    .join(' ');

describe('the call', () => {
  test('counts who has access and names what needs a look, worst first', () => {
    expect(said({})).toBe(
      '40 people have access. One owner signs in without two-step, and two accounts have been idle for over 90 days.',
    );
  });

  test('one clause stands alone, and none says so', () => {
    const none = { owner_without_second_factor: 0, idle: 0, invitation_ends: 0, grant_ends: 0 };
    expect(said({ byAttention: { ...none, grant_ends: 12 } })).toBe(
      '40 people have access. 12 people lose a role within 7 days.',
    );
    expect(said({ byAttention: none, byState: { active: 1, invited: 0, suspended: 0, offboarded: 0 } })).toBe(
      '1 person has access. Nobody needs a look.',
    );
  });
});

describe('what is asked for', () => {
  const scope = { platform: null, now: NOW };

  test('segments, filters and the platform of the console', () => {
    expect(directoryQuery({ show: 'look', text: '  novak ' }, scope)).toEqual({ attention: 'any', text: 'novak' });
    expect(directoryQuery({ show: 'invited', state: 'active' }, { ...scope, platform: 'hashinsight' })).toEqual({
      state: 'invited',
      platform: 'hashinsight',
    });
    expect(directoryQuery({ state: 'nonsense', seen: 'soon', sort: 'age' }, scope)).toEqual({});
  });

  test('seen since, and not seen for', () => {
    expect(directoryQuery({ seen: '7d' }, scope)).toEqual({ seenFrom: NOW - 7 * DAY_MS });
    expect(directoryQuery({ seen: 'not-90d' }, scope)).toEqual({ seenTo: NOW - 90 * DAY_MS });
  });

  test('the latest first is the server’s own order of last seen', () => {
    expect(directoryQuery({ sort: 'lastSeen', dir: 'desc' }, scope)).toEqual({ sort: 'lastSeen', reverse: false });
    expect(directoryQuery({ sort: 'name' }, scope)).toEqual({ sort: 'name', reverse: false });
    expect(sortOf({ sort: 'name', dir: 'desc' })).toEqual({ key: 'name', direction: 'desc' });
    expect(sortOf({})).toBeNull();
  });

  test('an order narrows nothing', () => {
    expect(isNarrowed({ sort: 'name', show: 'look' })).toBe(false);
    expect(isNarrowed({ seen: '7d' })).toBe(true);
  });
});

describe('a person in words', () => {
  test('what needs a look comes before how they sign in', () => {
    expect(signInLook(aRow(), NOW)).toEqual({ tone: null, word: '2-step' });
    expect(signInLook(hana, NOW)).toEqual({ tone: 'crit', word: 'No 2-step' });
    expect(signInLook(aRow({ attention: ['idle'], lastSeenAt: NOW - 94 * DAY_MS }), NOW).word).toBe('Idle 94 d');
    expect(signInLook(invited, NOW).word).toBe('Invited');
    const ways = { password: false, oidc: false, factors: [] };
    expect(signInLook(aRow({ signIn: ways }), NOW).word).toBe('Link');
  });

  test('how they sign in, in full', () => {
    expect(signInSentence({ password: true, oidc: false, factors: ['totp'] })).toBe('Password and two-step');
    expect(signInSentence({ password: true, oidc: false, factors: [] })).toBe('Password only');
    expect(signInSentence({ password: false, oidc: false, factors: [] })).toBe('By link only');
  });

  test('last seen: relative, then the clock, then the day', () => {
    expect(seenWords(NOW - 1_000, utc, NOW)).toBe('just now');
    expect(seenWords(NOW - 4 * 60_000, utc, NOW)).toBe('4 min ago');
    expect(seenWords(NOW - 3 * HOUR_MS, utc, NOW)).toBe('11:47 UTC');
    expect(seenWords(NOW - 94 * DAY_MS, utc, NOW)).toBe('1 Jul');
    expect(seenWords(null, utc, NOW)).toBe('never');
    expect(lastColumnWords(invited, utc, NOW).words).toBe('expires in 2 d');
  });

  test('platforms in two letters', () => {
    expect(['HashInsight', 'Web3 Audit', 'StellarEscrow', 'shop'].map(platformShort)).toEqual(['HI', 'W3', 'SE', 'SH']);
  });
});
