import { DomainError } from '@qd/shared/errors';
import { recurrenceFault } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_OCCURRENCES, occurrenceNow, occurrenceStarts, type Recurring, soundStarts } from './occurrences.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const recurring = (
  rrule: string | null,
  startsAt: string,
  timeZone = 'UTC',
  durationMs = 30 * MINUTE_MS,
): Recurring => ({
  startsAt: at(startsAt),
  durationMs,
  rrule,
  timeZone,
});

describe('occurrenceStarts', () => {
  it.each([
    {
      what: 'once',
      rrule: null,
      startsAt: '2026-03-01T02:00Z',
      range: ['2026-01-01', '2027-01-01'],
      found: ['2026-03-01T02:00'],
    },
    {
      what: 'every Sunday',
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      startsAt: '2026-03-01T02:00Z',
      range: ['2026-03-05', '2026-03-20'],
      found: ['2026-03-08T02:00', '2026-03-15T02:00'],
    },
    {
      what: 'a Sunday on which 02:30 is skipped as no occurrence',
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      startsAt: '2026-03-22T01:30Z',
      zone: 'Europe/Berlin',
      range: ['2026-03-20', '2026-04-10'],
      found: ['2026-03-22T01:30', '2026-04-05T00:30'],
    },
    {
      what: 'a Sunday on which 02:30 comes twice at the first',
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      startsAt: '2026-10-18T00:30Z',
      zone: 'Europe/Berlin',
      range: ['2026-10-17', '2026-11-03'],
      found: ['2026-10-18T00:30', '2026-10-25T00:30', '2026-11-01T01:30'],
    },
    {
      what: 'the same local time before and after clocks change in New York',
      rrule: 'FREQ=DAILY',
      startsAt: '2026-03-07T14:00Z',
      zone: 'America/New_York',
      range: ['2026-03-07', '2026-03-10'],
      found: ['2026-03-07T14:00', '2026-03-08T13:00', '2026-03-09T13:00'],
    },
    {
      what: 'the same local time where clocks change by half an hour',
      rrule: 'FREQ=DAILY',
      startsAt: '2026-04-04T01:00Z',
      zone: 'Australia/Lord_Howe',
      range: ['2026-04-04', '2026-04-07'],
      found: ['2026-04-04T01:00', '2026-04-05T01:30', '2026-04-06T01:30'],
    },
    {
      what: 'hours through a skipped hour',
      rrule: 'FREQ=HOURLY',
      startsAt: '2026-03-29T00:00Z',
      zone: 'Europe/Berlin',
      range: ['2026-03-29T00:00Z', '2026-03-29T04:00Z'],
      found: ['2026-03-29T00:00', '2026-03-29T01:00', '2026-03-29T02:00', '2026-03-29T03:00'],
    },
    {
      what: 'only months that have a 31st',
      rrule: 'FREQ=MONTHLY;BYMONTHDAY=31',
      startsAt: '2026-01-31T00:00Z',
      range: ['2026-01-01', '2026-06-30'],
      found: ['2026-01-31T00:00', '2026-03-31T00:00', '2026-05-31T00:00'],
    },
    {
      what: 'the last Friday of a month',
      rrule: 'FREQ=MONTHLY;BYDAY=-1FR',
      startsAt: '2026-01-30T20:00Z',
      range: ['2026-02-01', '2026-04-01'],
      found: ['2026-02-27T20:00', '2026-03-27T20:00'],
    },
    {
      what: 'a leap day',
      rrule: 'FREQ=YEARLY',
      startsAt: '2024-02-29T00:00Z',
      range: ['2024-03-01', '2029-01-01'],
      found: ['2028-02-29T00:00'],
    },
    {
      what: 'every second week, counted',
      rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=3',
      startsAt: '2026-01-04T02:00Z',
      range: ['2026-01-01', '2026-12-01'],
      found: ['2026-01-04T02:00', '2026-01-18T02:00', '2026-02-01T02:00'],
    },
    {
      what: 'until a day, that day included',
      rrule: 'FREQ=DAILY;UNTIL=20260103',
      startsAt: '2026-01-01T02:00Z',
      range: ['2026-01-01', '2026-12-01'],
      found: ['2026-01-01T02:00', '2026-01-02T02:00', '2026-01-03T02:00'],
    },
    {
      what: 'chosen hours and one minute',
      rrule: 'FREQ=DAILY;BYHOUR=2,14;BYMINUTE=15',
      startsAt: '2026-01-01T02:15Z',
      range: ['2026-01-01', '2026-01-02T12:00Z'],
      found: ['2026-01-01T02:15', '2026-01-01T14:15', '2026-01-02T02:15'],
    },
  ])('finds $what', ({ rrule, startsAt, zone, range: [from = '', to = ''], found }) => {
    expect(occurrenceStarts(recurring(rrule, startsAt, zone), at(from), at(to)).map(iso)).toEqual(found);
  });

  it('gives the same whichever way a range is cut', () => {
    const rule = recurring('FREQ=DAILY;BYHOUR=1,2,3', '2026-01-01T01:00Z', 'Europe/Berlin');
    const [from, to] = [at('2026-01-01'), at('2026-12-31')];
    const whole = occurrenceStarts(rule, from, to);
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (cut) => {
        expect([...occurrenceStarts(rule, from, cut), ...occurrenceStarts(rule, cut, to)]).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('counts occurrences over years, skipped days not among them', () => {
    const rule = recurring('FREQ=DAILY;COUNT=1000', '2022-01-01T01:30Z', 'Europe/Berlin');
    const all = occurrenceStarts(rule, at('2020-01-01'), at('2030-01-01'));
    expect(all).toHaveLength(1_000);
    // Three springs without 02:30.
    expect(iso(all.at(-1) ?? 0)).toBe('2024-09-29T00:30');
    expect(occurrenceStarts(rule, at('2024-09-29'), at('2030-01-01'))).toEqual(all.slice(-1));
    expect(occurrenceStarts(rule, at('2024-10-01'), at('2030-01-01'))).toEqual([]);
  });

  it('finds what recurs since long ago', () => {
    const rule = recurring('FREQ=HOURLY;INTERVAL=5', '2019-01-01T00:00Z');
    const found = occurrenceStarts(rule, at('2026-05-01'), at('2026-05-02'));
    expect(found.length).toBeGreaterThanOrEqual(4);
    for (const start of found) expect((start - rule.startsAt) % (5 * HOUR_MS)).toBe(0);
  });
});

describe('occurrenceNow', () => {
  const sundays = recurring('FREQ=WEEKLY;BYDAY=SU', '2026-03-01T02:00Z');

  it.each([
    ['before the first', '2026-01-01T00:00Z', '2026-03-01T02:00'],
    ['at its start', '2026-03-08T02:00Z', '2026-03-08T02:00'],
    ['in its last millisecond', '2026-03-08T02:29:59.999Z', '2026-03-08T02:00'],
    ['at its end', '2026-03-08T02:30Z', '2026-03-15T02:00'],
  ])('%s names the right one', (_, now, start) => {
    const found = occurrenceNow(sundays, at(now));
    expect(found && iso(found.startAt)).toBe(start);
    expect(found && found.endAt - found.startAt).toBe(30 * MINUTE_MS);
  });

  it('is null when all is over', () => {
    expect(occurrenceNow(recurring(null, '2026-03-01T02:00Z'), at('2026-03-01T02:30Z'))).toBeNull();
    expect(occurrenceNow(recurring('FREQ=DAILY;COUNT=2', '2026-03-01T02:00Z'), at('2026-03-05'))).toBeNull();
  });
});

describe('soundStarts', () => {
  it('gives every occurrence of 400 days', () => {
    expect(soundStarts(recurring('FREQ=HOURLY;INTERVAL=6', '2026-01-01T00:00Z'))).toHaveLength(1_600);
    expect(soundStarts(recurring(null, '2026-01-01T00:00Z'))).toEqual([at('2026-01-01')]);
  });

  it.each([
    ['every hour for ever', 'FREQ=HOURLY', 'rrule', /more than 2000 times/],
    [
      'every hour of every day',
      `FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, h) => h).join(',')}`,
      'rrule',
      /COUNT or UNTIL/,
    ],
    ['every hour of some months', 'FREQ=HOURLY;BYMONTH=1,2,3,4', 'rrule', /more than 2000 times/],
    ['a day that never comes', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'rrule', /never takes place/],
    ['an hour of a day that never comes', 'FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30', 'rrule', /never takes place/],
    ['hours that its interval never meets', 'FREQ=HOURLY;INTERVAL=2;BYHOUR=3', 'rrule', /never takes place/],
    [
      'a count that ends in another age',
      'FREQ=YEARLY;INTERVAL=995;COUNT=1546;BYDAY=MO;BYMONTHDAY=19',
      'startsAt',
      /first one after it is 2026-01-19/,
    ],
    ['another day than it starts on', 'FREQ=WEEKLY;BYDAY=SU', 'startsAt', /first one after it is 2026-01-04T00:00Z/],
  ])('refuses %s without walking all of it', (_, rrule, field, words) => {
    const zone = rrule.includes('DAILY') ? 'Europe/Berlin' : 'UTC';
    const rule = recurring(rrule, '2026-01-01T00:00Z', zone);
    // What was worked out once is remembered, so each run asks for another year.
    for (const year of [2023, 2024, 2025]) {
      expect(() => soundStarts({ ...rule, startsAt: Date.UTC(year, 0, 2) })).toThrow(DomainError);
    }
    expect(() => soundStarts(rule)).toThrow(words);
    expect(() => soundStarts(rule)).toThrow(expect.objectContaining({ fields: [expect.objectContaining({ field })] }));
  });

  it.each([
    ['touches the next', 'FREQ=DAILY', DAY_MS, true],
    ['runs into the next', 'FREQ=DAILY', DAY_MS + MINUTE_MS, false],
    ['runs into the next on the day that lasts 23 hours', 'FREQ=DAILY', DAY_MS - HOUR_MS + MINUTE_MS, false],
  ])('sees whether one %s', (_, rrule, durationMs, isSound) => {
    const zone = durationMs < DAY_MS ? 'Europe/Berlin' : 'UTC';
    const check = () => soundStarts(recurring(rrule, '2026-01-01T12:00Z', zone, durationMs));
    if (isSound) expect(check().length).toBeLessThanOrEqual(MAX_OCCURRENCES);
    else expect(check).toThrow(/durationMs is longer/);
  });
});

describe('any rule that may be used', () => {
  const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 5 });
  const numbers = (min: number, max: number) =>
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 5 }).map((list) => list.join(','));
  const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  const part = (name: string, value: fc.Arbitrary<string>) =>
    fc.option(
      value.map((text) => `;${name}=${text}`),
      { nil: '' },
    );
  const anyRule = fc
    .tuple(
      fc.constantFrom('HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
      part('INTERVAL', fc.integer({ min: 1, max: 1_000 }).map(String)),
      fc.oneof(
        part('COUNT', fc.integer({ min: 1, max: 2_000 }).map(String)),
        part('UNTIL', fc.constantFrom('20260601', '20270101T120000Z', '20250101')),
      ),
      part(
        'BYDAY',
        some(days).map((list) => list.join(',')),
      ),
      part('BYMONTHDAY', numbers(1, 31)),
      part('BYMONTH', numbers(1, 12)),
      part('BYHOUR', numbers(0, 23)),
      part('BYMINUTE', fc.integer({ min: 0, max: 59 }).map(String)),
    )
    .map(([frequency, ...parts]) => `FREQ=${frequency}${parts.join('')}`)
    .filter((rule) => recurrenceFault(rule) === null);
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Asia/Calcutta',
    '+05:30',
  ];

  it('is refused by name, or gives ascending starts on whole minutes, soon', () => {
    fc.assert(
      fc.property(anyRule, fc.constantFrom(...zones), fc.integer({ min: 0, max: 525_600 }), (rrule, timeZone, m) => {
        const rule = { startsAt: at('2026-01-01') + m * MINUTE_MS, durationMs: MINUTE_MS, rrule, timeZone };
        try {
          const found = soundStarts(rule);
          expect(found[0]).toBe(rule.startsAt);
          expect(found.length).toBeLessThanOrEqual(MAX_OCCURRENCES);
          found.forEach((start, i) => {
            expect(start % MINUTE_MS).toBe(0);
            expect(start - (found[i - 1] ?? 0)).toBeGreaterThan(0);
          });
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.fields).toHaveLength(1);
        }
        expect(occurrenceNow(rule, at('2027-03-01'))?.endAt ?? Infinity).toBeGreaterThan(at('2027-03-01'));
      }),
      { numRuns: 150 },
    );
  });
});
