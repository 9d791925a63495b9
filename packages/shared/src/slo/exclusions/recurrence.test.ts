import { describe, expect, it } from 'vitest';
import { plainRecurrence, recurrenceFault } from './recurrence.ts';

describe('recurrenceFault', () => {
  it.each([
    'FREQ=WEEKLY;BYDAY=SU',
    'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=MO',
    'freq=daily;count=10',
    'FREQ=DAILY;UNTIL=20261231',
    'FREQ=DAILY;UNTIL=20261231T235959Z;',
    'FREQ=MONTHLY;BYDAY=1SU,-1FR',
    'FREQ=MONTHLY;BYMONTHDAY=1,-1',
    'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;BYHOUR=18;BYMINUTE=30',
    'FREQ=HOURLY;INTERVAL=6',
  ])('takes %s', (rule) => {
    expect(recurrenceFault(rule)).toBeNull();
  });

  it.each([
    ['', /not NAME=VALUE/],
    ['every sunday', /not NAME=VALUE/],
    ['FREQ=WEEKLY;BYDAY', /"BYDAY" is not NAME=VALUE/],
    ['FREQ=WEEKLY;BYDAY=SU=MO', /not NAME=VALUE/],
    ['BYDAY=SU', /^FREQ is missing/],
    ['FREQ=SECONDLY', /^FREQ=SECONDLY is too often/],
    ['FREQ=MINUTELY;INTERVAL=60', /^FREQ=MINUTELY is too often/],
    ['FREQ=FORTNIGHTLY', /^FREQ=FORTNIGHTLY is unknown/],
    ['FREQ=DAILY;FREQ=WEEKLY', /^FREQ is there twice/],
    ['FREQ=DAILY;INTERVAL=0', /^INTERVAL must be/],
    ['FREQ=DAILY;INTERVAL=1.5', /^INTERVAL must be/],
    ['FREQ=DAILY;INTERVAL=999999999', /^INTERVAL must be/],
    ['FREQ=DAILY;COUNT=1000000', /^COUNT must be/],
    ['FREQ=DAILY;COUNT=3;UNTIL=20261231', /^COUNT and UNTIL/],
    ['FREQ=DAILY;UNTIL=tomorrow', /^UNTIL must be/i],
    ['FREQ=DAILY;UNTIL=20261231T120000', /^UNTIL must be/],
    ['FREQ=WEEKLY;BYDAY=XX', /^BYDAY has "XX"/],
    ['FREQ=WEEKLY;BYDAY=1SU', /^BYDAY has "1SU".*FREQ=MONTHLY/],
    ['FREQ=MONTHLY;BYDAY=6SU', /^BYDAY has "6SU"/],
    ['FREQ=MONTHLY;BYDAY=0SU', /^BYDAY has "0SU"/],
    ['FREQ=WEEKLY;BYDAY=SU,', /^BYDAY has an empty entry/],
    ['FREQ=MONTHLY;BYMONTHDAY=32', /^BYMONTHDAY has "32"/],
    ['FREQ=MONTHLY;BYMONTHDAY=0', /^BYMONTHDAY has "0"/],
    ['FREQ=WEEKLY;BYMONTHDAY=1', /^BYMONTHDAY does not go with FREQ=WEEKLY/],
    ['FREQ=YEARLY;BYMONTH=13', /^BYMONTH has "13"/],
    ['FREQ=DAILY;BYHOUR=24', /^BYHOUR has "24"/],
    ['FREQ=DAILY;BYMINUTE=0,30', /^BYMINUTE must be one minute/],
    ['FREQ=DAILY;BYSECOND=0', /^BYSECOND cannot be used/],
    ['FREQ=MONTHLY;BYDAY=SU;BYSETPOS=1', /^BYSETPOS cannot be used/],
    ['FREQ=YEARLY;BYYEARDAY=1', /^BYYEARDAY cannot be used/],
    ['FREQ=YEARLY;BYWEEKNO=1', /^BYWEEKNO cannot be used/],
    ['FREQ=DAILY;CONSTRUCTOR=1', /^CONSTRUCTOR cannot be used/],
    ['FREQ=DAILY;DTSTART=20260101', /^DTSTART cannot be used/],
    [`FREQ=DAILY;BYHOUR=${'1,'.repeat(300)}1`, /at most 500 characters/],
  ])('refuses %s by the name of the part', (rule, words) => {
    expect(recurrenceFault(rule)).toMatch(words);
  });
});

describe('plainRecurrence', () => {
  it('drops the name, blanks and a last semicolon', () => {
    expect(plainRecurrence(' rrule:freq=weekly;byday=su; ')).toBe('FREQ=WEEKLY;BYDAY=SU');
  });
});
