const MAX_RULE_CHARS = 500;
const MAX_INTERVAL = 1_000;
const MAX_COUNT = 2_000;
const frequencies = ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const weekdays = 'MO|TU|WE|TH|FR|SA|SU';
const ordinalDay = new RegExp(`^([+-]?\\d{1,2})?(${weekdays})$`);
const until = /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])[0-5]\d[0-5]\dZ)?$/;

type Frequency = (typeof frequencies)[number];

/** Parts of a rule by name. */
type Parts = ReadonlyMap<string, string>;

function wholeIn(text: string, min: number, max: number): boolean {
  return /^[+-]?\d{1,5}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

function listFault(value: string, fits: (entry: string) => boolean, words: string): string | null {
  const bad = value.split(',').find((entry) => !fits(entry));
  return bad === undefined ? null : `has ${bad === '' ? 'an empty entry' : `"${bad}"`}; ${words}`;
}

function signedDay(entry: string, max: number): boolean {
  return wholeIn(entry, -max, max) && Number(entry) !== 0;
}

function dayFault(value: string, frequency: Frequency): string | null {
  const max = { HOURLY: 0, DAILY: 0, WEEKLY: 0, MONTHLY: 5, YEARLY: 53 }[frequency];
  const fits = (entry: string): boolean => {
    const match = ordinalDay.exec(entry);
    return match !== null && (match[1] === undefined || signedDay(match[1], max));
  };
  const counted = max === 0 ? 'a number before them needs FREQ=MONTHLY or YEARLY' : 'or counted, such as 1SU or -1FR';
  return listFault(value, fits, `write days as MO, TU, WE, TH, FR, SA, SU, ${counted}`);
}

/** What is wrong with the value of each part that may be used; null when nothing is. */
const partFaults: Record<string, (value: string, frequency: Frequency) => string | null> = {
  FREQ: () => null,
  INTERVAL: (value) => (wholeIn(value, 1, MAX_INTERVAL) ? null : `must be a whole number from 1 to ${MAX_INTERVAL}`),
  COUNT: (value) => (wholeIn(value, 1, MAX_COUNT) ? null : `must be a whole number from 1 to ${MAX_COUNT}`),
  UNTIL: (value) => (until.test(value) ? null : 'must be a day or an instant in UTC: 20261231 or 20261231T120000Z'),
  BYDAY: dayFault,
  BYMONTHDAY: (value, frequency) =>
    frequency === 'WEEKLY'
      ? 'does not go with FREQ=WEEKLY; use BYDAY'
      : listFault(value, (entry) => signedDay(entry, 31), 'days of the month are 1 to 31, or -1 to -31 from its end'),
  BYMONTH: (value) => listFault(value, (entry) => wholeIn(entry, 1, 12), 'months are 1 to 12'),
  BYHOUR: (value) => listFault(value, (entry) => wholeIn(entry, 0, 23), 'hours are 0 to 23'),
  BYMINUTE: (value) => (wholeIn(value, 0, 59) ? null : 'must be one minute from 0 to 59'),
  WKST: (value) => (new RegExp(`^(${weekdays})$`).test(value) ? null : 'must be a day such as MO'),
};

function splitParts(rule: string): Parts | string {
  const parts = new Map<string, string>();
  for (const piece of rule.split(';')) {
    const [name = '', value, ...more] = piece.split('=');
    if (value === undefined || value === '' || more.length > 0) return `"${piece}" is not NAME=VALUE`;
    if (parts.has(name)) return `${name} is there twice; keep one`;
    parts.set(name, value);
  }
  return parts;
}

function frequencyFault(parts: Parts): string | null {
  const value = parts.get('FREQ');
  if (value === undefined) return 'FREQ is missing; use HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY';
  if (frequencies.some((known) => known === value)) return null;
  const tooOften = value === 'SECONDLY' || value === 'MINUTELY';
  return `FREQ=${value} is ${tooOften ? 'too often' : 'unknown'}; use HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY`;
}

function partsFault(parts: Parts): string | null {
  const frequency = frequencies.find((known) => known === parts.get('FREQ')) ?? 'DAILY';
  for (const [name, value] of parts) {
    const check = Object.hasOwn(partFaults, name) ? partFaults[name] : undefined;
    if (check === undefined) {
      return `${name} cannot be used here; use ${Object.keys(partFaults).join(', ')}`;
    }
    const fault = check(value, frequency);
    if (fault !== null) return `${name} ${fault}`;
  }
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'COUNT and UNTIL exclude each other; keep one';
  return null;
}

/** The rule in capitals, without blanks and without a leading `RRULE:`. */
export function plainRecurrence(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
}

/**
 * What is wrong with a recurrence rule (RFC 5545 without `DTSTART`), naming the part; null if it may be used. It recurs
 * hourly at the most, at one minute of the hour, and without parts that pick from long lists.
 */
export function recurrenceFault(text: string): string | null {
  if (text.length > MAX_RULE_CHARS) return `must be at most ${MAX_RULE_CHARS} characters`;
  const parts = splitParts(plainRecurrence(text));
  if (typeof parts === 'string') return parts;
  return frequencyFault(parts) ?? partsFault(parts);
}
