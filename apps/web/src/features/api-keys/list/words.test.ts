import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aKey, keyCounts, miner, NOW, overdue, revoked, sandbox } from '../../../../test/keys-story.ts';
import { utc } from '../../../lib/zone.ts';
import { keysCall, policyWords } from './call-words.ts';
import { barWords, rateWords, requestWords, stateWords } from './state-words.ts';

const at = { nowMs: NOW, zone: utc };
const soon = (days: number) => NOW + days * DAY_MS + MINUTE_MS;

describe('the state of a key', () => {
  it.each([
    ['a plain one', aKey(), 'ok', 'Active', 'expires in 40 d'],
    ['one without an end', aKey({ expiresAt: null }), 'ok', 'Active', 'does not expire'],
    ['one overdue', overdue, 'crit', 'Overdue by 2 d', 'was due 1 Oct'],
    ['one that lapses', sandbox, 'warn', 'Expires in 5 d', 'let it lapse, or rotate'],
    ['one that ends in use', aKey({ expiresAt: soon(5) }), 'warn', 'Expires in 5 d', 'rotate it before'],
    [
      'one due soon',
      aKey({ isDue: true, rotationDueAt: soon(6), expiresAt: null }),
      'warn',
      'Due in 6 d',
      'rotate by 9 Oct',
    ],
    ['one being rotated', miner, 'info', 'Rotating, 6 d left', '1 of 3 consumers moved'],
    ['one rotated for nobody', { ...miner, consumers: 0 }, 'info', 'Rotating, 6 d left', 'no consumer is named'],
    [
      'one just rotated',
      aKey({ previous: { ...aKey(), endedAt: NOW - 2 * DAY_MS }, rotationDueAt: soon(82) }),
      'ok',
      'Rotated 1 Oct',
      'next 24 Dec',
    ],
    ['one revoked', revoked, 'none', 'Revoked 18 Aug', 'suspected leak, R. Brandt'],
    ['one not drawn', aKey({ state: 'pending', activatedAt: null }), 'info', 'Waits for its link', 'not drawn yet'],
    ['one expired', aKey({ state: 'expired', endedAt: NOW - DAY_MS }), 'none', 'Expired 2 Oct', 'by its own date'],
    ['one replaced', aKey({ state: 'rotated', endedAt: NOW - DAY_MS }), 'none', 'Ended 2 Oct', 'by its rotation'],
    [
      'one whose owner is away',
      aKey({ state: 'owner_suspended', owner: { id: 'u', name: 'Ada' } }),
      'warn',
      'Owner suspended',
      'Ada',
    ],
    ['one caught', aKey({ state: 'quarantined', endReason: 'in a paste' }), 'crit', 'Quarantined', 'in a paste'],
  ] as const)('of %s', (_, row, ...words) => {
    const { tone, word, second } = stateWords(row, at);
    expect([tone, word, second]).toEqual(words);
  });
});

describe('requests', () => {
  it.each([
    [{ ratePerMin: 4_120, rateLimitPerMin: null }, '4,120 / min'],
    [{ ratePerMin: 0.4, rateLimitPerMin: null }, '0.4 / min'],
    [{ ratePerMin: 21, rateLimitPerMin: 60 }, '21 / min of 60'],
  ])('of %o read %s', (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });

  it.each([
    ['in use', aKey(), '38 / min', null],
    ['in use and refused', aKey({ refusedToday: 1_204 }), '38 / min', '1,204 refused today'],
    ['quiet', aKey({ ratePerMin: 0, lastUsedAt: NOW - 3 * HOUR_MS }), '0 / min', 'last 3 h ago'],
    ['idle', sandbox, '0, unused 41 d', null],
    ['never used', aKey({ ratePerMin: 0, lastUsedAt: null }), '0, never used', null],
    ['ended', revoked, '3 refused today', null],
    ['ended and left alone', { ...revoked, refusedToday: 0 }, 'none today', null],
  ] as const)('of a key %s', (_, row, words, second) => {
    expect(requestWords(row, NOW)).toEqual({ words, second });
  });
});

describe('the bars in words', () => {
  it.each([
    [aKey(), 'Works since 14 Aug, ends 12 Nov.'],
    [miner, 'Works since 14 Aug, ends 9 Oct. Its successor works since 2 Oct and ends 31 Dec.'],
    [overdue, 'Works since 14 Aug, does not end by itself, overdue since 1 Oct.'],
    [revoked, 'Worked 14 Aug to 18 Aug.'],
    [
      aKey({ previous: { ...aKey(), endedAt: NOW - DAY_MS } }),
      'Works since 14 Aug, ends 12 Nov. The key before ended 2 Oct.',
    ],
  ])('say %#', (row, words) => {
    expect(barWords(row, at)).toBe(words);
  });
});

describe('the call', () => {
  const none = { count: 0, first: null };
  const calm = keyCounts({ overdue: none, rotating: none, expiring: none, counts: { ...keyCounts().counts, due: 0 } });
  const said = (counts: typeof calm) => keysCall(counts, NOW).map((clause) => clause.text);

  it('names what is most due, then what is under way', () => {
    expect(keysCall(keyCounts(), NOW)).toEqual([
      { tone: 'crit', text: 'StellarEscrow’s Admin key is 2 days overdue.' },
      { tone: 'none', text: 'Miner ingest is mid-rotation: two consumers have not moved to the new key.' },
    ]);
  });

  it('counts where there are several', () => {
    const { overdue: one, expiring, rotating } = keyCounts();
    expect(said({ ...calm, overdue: { ...one, count: 3 }, expiring: { ...expiring, count: 4 } })).toEqual([
      '3 keys are overdue, StellarEscrow’s Admin longest, by 2 days.',
      '4 keys expire soon, Dev sandbox first, in 5 days.',
    ]);
    const first = rotating.first === null ? null : { ...rotating.first, moved: 3 };
    expect(said({ ...calm, rotating: { count: 2, first } })).toEqual([
      'Miner ingest is mid-rotation: every consumer has moved, and one more rotates.',
    ]);
  });

  it('puts a leaked key before everything', () => {
    const first = { id: 'x', name: 'CI', platformName: 'Web3 Audit', at: NOW };
    expect(said(keyCounts({ quarantined: { count: 1, first } }))[0]).toBe('Web3 Audit’s CI key is quarantined.');
  });

  it('is calm where nothing is due, and says so where there is none', () => {
    expect(said(calm)).toEqual(['No key is due.', '4 keys work.']);
    expect(said({ ...calm, usable: 0 })).toEqual(['No API key works now.']);
    expect(said({ ...calm, usable: 0, hasKeys: false })).toEqual(['There is no API key yet.']);
    expect(said({ ...calm, counts: { ...calm.counts, due: 1 } })).toEqual(['One key is due for rotation.']);
  });

  it('says what a policy asks for', () => {
    expect(policyWords({ rotation: { by: 'age', everyDays: 90 }, overlapDays: 7 })).toBe(
      'rotates every 90 d, overlap 7 d',
    );
    expect(policyWords({ rotation: { by: 'quarter' }, overlapDays: 0 })).toBe('rotates each quarter, no overlap');
  });
});
