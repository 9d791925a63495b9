import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  draftOfRule,
  onceDraft,
  recurrenceDraftFault,
  recurrenceWords,
  ruleOf,
  weekdayOf,
  weekdays,
  type RecurrenceDraft,
} from './recurrence-draft.ts';

/** A Sunday, the fourth of its month. */
const START = '2026-11-22';
const draft = (over: Partial<RecurrenceDraft>): RecurrenceDraft => ({ ...onceDraft, ...over });

describe('a recurrence built from choices', () => {
  it.each<[RecurrenceDraft, string | null, string]>([
    [draft({}), null, 'once'],
    [draft({ kind: 'daily' }), 'FREQ=DAILY', 'every day'],
    [draft({ kind: 'daily', every: '3' }), 'FREQ=DAILY;INTERVAL=3', 'every 3 days'],
    [draft({ kind: 'weekly' }), 'FREQ=WEEKLY;BYDAY=SU', 'every week on Sunday'],
    [
      draft({ kind: 'weekly', every: '2', days: ['FR', 'MO'] }),
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR',
      'every 2 weeks on Monday and Friday',
    ],
    [
      draft({ kind: 'weekly', days: [...weekdays] }),
      'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU',
      'every week on all days',
    ],
    [draft({ kind: 'monthly' }), 'FREQ=MONTHLY;BYMONTHDAY=22', 'every month on day 22'],
    [
      draft({ kind: 'monthly', monthlyBy: 'weekday', untilDate: '2027-01-31' }),
      'FREQ=MONTHLY;BYDAY=4SU;UNTIL=20270131',
      'every month on the fourth Sunday, until 2027-01-31',
    ],
    [
      draft({ kind: 'rule', rule: ' FREQ=HOURLY;INTERVAL=6 ' }),
      'FREQ=HOURLY;INTERVAL=6',
      'by the rule FREQ=HOURLY;INTERVAL=6',
    ],
  ])('%o is %s', (from, rule, words) => {
    expect(ruleOf(from, START)).toBe(rule);
    expect(recurrenceDraftFault(from, START)).toBeNull();
    expect(recurrenceWords(rule, START)).toBe(words);
  });

  it('calls a fifth weekday of a month its last', () => {
    expect(ruleOf(draft({ kind: 'monthly', monthlyBy: 'weekday' }), '2026-11-29')).toBe('FREQ=MONTHLY;BYDAY=-1SU');
  });

  it.each([
    [draft({ kind: 'daily', every: '0' }), 'Every must be a number from 1 to 999.'],
    [draft({ kind: 'weekly', every: 'two' }), 'Every must be a number from 1 to 999.'],
    [draft({ kind: 'daily', untilDate: '2026-11-01' }), 'The last day lies before the first.'],
    [draft({ kind: 'rule' }), 'Write a rule such as FREQ=WEEKLY;BYDAY=SU.'],
    [
      draft({ kind: 'rule', rule: 'FREQ=SECONDLY' }),
      'The rule: FREQ=SECONDLY is too often; use HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY.',
    ],
  ])('%o is refused with a remedy', (from, fault) => {
    expect(recurrenceDraftFault(from, START)).toBe(fault);
  });

  it.each([
    ['FREQ=WEEKLY;BYDAY=MO', 'weekly'],
    ['FREQ=MONTHLY;BYDAY=4SU', 'monthly'],
    // Another Sunday than that of the start, and a count: the choices could not say it.
    ['FREQ=MONTHLY;BYDAY=2SU', 'rule'],
    ['FREQ=DAILY;COUNT=3', 'rule'],
    ['FREQ=YEARLY', 'rule'],
  ] as const)('%s is shown as %s', (rule, kind) => {
    expect(draftOfRule(rule, START)).toMatchObject({ kind });
  });

  it('gives back every rule it shows, whatever was stored', () => {
    const some = fc.record({
      kind: fc.constantFrom('daily', 'weekly', 'monthly'),
      every: fc.integer({ min: 1, max: 999 }).map(String),
      days: fc.subarray([...weekdays]),
      monthlyBy: fc.constantFrom('date', 'weekday'),
      untilDate: fc.constantFrom('', '2027-03-28'),
      rule: fc.constant(''),
    });
    fc.assert(
      fc.property(
        some,
        fc.date({ min: new Date('2024-01-01'), max: new Date('2027-03-01'), noInvalidDate: true }),
        (from, day) => {
          const date = day.toISOString().slice(0, 10);
          const rule = ruleOf(from as RecurrenceDraft, date);
          const shown = draftOfRule(rule, date);
          expect(shown.kind).toBe(from.kind);
          expect(ruleOf(shown, date)).toBe(rule);
        },
      ),
    );
  });

  it.each([
    ['2026-11-21', 'SA'],
    ['2026-11-23', 'MO'],
    ['', null],
  ])('%s is a %s', (date, day) => {
    expect(weekdayOf(date)).toBe(day);
  });
});
