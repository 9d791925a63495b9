import { recurrenceFault } from '@qd/shared/slo';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];

/** How often time is excluded: built from a few choices, or a rule written by hand. */
export interface RecurrenceDraft {
  kind: 'once' | 'daily' | 'weekly' | 'monthly' | 'rule';
  /** Every so many days, weeks or months, as typed. */
  every: string;
  days: Weekday[];
  /** Monthly: the day of the first occurrence (`date`), or the same weekday of the month (`weekday`). */
  monthlyBy: 'date' | 'weekday';
  /** Last day on which it may begin, `YYYY-MM-DD`; empty for no end. */
  untilDate: string;
  /** The rule, for `rule`. */
  rule: string;
}

export const onceDraft: RecurrenceDraft = {
  kind: 'once',
  every: '1',
  days: [],
  monthlyBy: 'date',
  untilDate: '',
  rule: '',
};

const dayNames: Record<Weekday, string> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const units = { daily: ['day', 'days'], weekly: ['week', 'weeks'], monthly: ['month', 'months'] } as const;

/** `Monday` for `MO`. */
export function dayName(day: Weekday): string {
  return dayNames[day];
}

/** Weekday of a local day `YYYY-MM-DD`, or null when it is none. */
export function weekdayOf(date: string): Weekday | null {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? null : (weekdays[(new Date(at).getUTCDay() + 6) % 7] ?? null);
}

/** Which of its kind in the month a day is: 1 for the first Sunday, -1 for a fifth, which is the last. */
function ordinalOf(date: string): number {
  const nth = Math.ceil(Number(date.slice(8, 10)) / 7);
  return nth === 5 ? -1 : nth;
}

/** The rule (RFC 5545 without DTSTART) of a draft that begins on a local day; null for once. */
export function ruleOf(draft: RecurrenceDraft, startDate: string): string | null {
  if (draft.kind === 'once') return null;
  if (draft.kind === 'rule') return draft.rule.trim();
  const parts = [`FREQ=${draft.kind.toUpperCase()}`];
  if (Number(draft.every) !== 1) parts.push(`INTERVAL=${draft.every.trim()}`);
  const day = weekdayOf(startDate);
  if (draft.kind === 'weekly') parts.push(`BYDAY=${chosenDays(draft, startDate).join(',')}`);
  if (draft.kind === 'monthly') {
    parts.push(
      draft.monthlyBy === 'weekday' && day !== null
        ? `BYDAY=${ordinalOf(startDate)}${day}`
        : `BYMONTHDAY=${Number(startDate.slice(8, 10))}`,
    );
  }
  if (draft.untilDate !== '') parts.push(`UNTIL=${draft.untilDate.replaceAll('-', '')}`);
  return parts.join(';');
}

/** Days of the week in order; the day of the start when none is chosen. */
export function chosenDays(draft: RecurrenceDraft, startDate: string): Weekday[] {
  const own = weekdayOf(startDate);
  const days = draft.days.length === 0 && own !== null ? [own] : draft.days;
  return weekdays.filter((day) => days.includes(day));
}

/** What is wrong with a draft, or null. */
export function recurrenceDraftFault(draft: RecurrenceDraft, startDate: string): string | null {
  if (draft.kind === 'once') return null;
  if (draft.kind === 'rule' && draft.rule.trim() === '') return 'Write a rule such as FREQ=WEEKLY;BYDAY=SU.';
  if (draft.kind !== 'rule' && !/^[1-9]\d{0,2}$/.test(draft.every.trim()))
    return 'Every must be a number from 1 to 999.';
  if (draft.untilDate !== '' && draft.untilDate < startDate) return 'The last day lies before the first.';
  const fault = recurrenceFault(ruleOf(draft, startDate) ?? '');
  return fault === null ? null : `The rule: ${fault}.`;
}

const known =
  /^FREQ=(DAILY|WEEKLY|MONTHLY)(;INTERVAL=[1-9]\d{0,2})?(;BYDAY=[\w,+-]+|;BYMONTHDAY=\d{1,2})?(;UNTIL=\d{8})?$/;

/** A stored rule as the builder shows it; what the builder cannot say is a rule written by hand. */
export function draftOfRule(rule: string | null, startDate: string): RecurrenceDraft {
  if (rule === null) return onceDraft;
  const byHand: RecurrenceDraft = { ...onceDraft, kind: 'rule', rule };
  if (!known.test(rule)) return byHand;
  const parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const until = parts.get('UNTIL');
  const draft: RecurrenceDraft = {
    kind: (parts.get('FREQ') ?? '').toLowerCase() as 'daily' | 'weekly' | 'monthly',
    every: parts.get('INTERVAL') ?? '1',
    days: weekdays.filter((day) => parts.get('BYDAY')?.split(',').includes(day)),
    monthlyBy: parts.has('BYDAY') ? 'weekday' : 'date',
    untilDate: until === undefined ? '' : `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`,
    rule,
  };
  // Only what would be written the same way again may be shown as choices.
  return ruleOf(draft, startDate) === rule ? draft : byHand;
}

/** A recurrence in plain words: `every Sunday`, `every 2 weeks on Monday and Friday, until 2026-12-31`. */
export function recurrenceWords(rule: string | null, startDate: string): string {
  const draft = draftOfRule(rule, startDate);
  if (draft.kind === 'once') return 'once';
  if (draft.kind === 'rule') return `by the rule ${draft.rule}`;
  const until = draft.untilDate === '' ? '' : `, until ${draft.untilDate}`;
  return `${frequencyWords(draft, draft.kind)}${onWords(draft, startDate)}${until}`;
}

function frequencyWords(draft: RecurrenceDraft, kind: keyof typeof units): string {
  const [one, many] = units[kind];
  return draft.every === '1' ? `every ${one}` : `every ${draft.every} ${many}`;
}

function onWords(draft: RecurrenceDraft, startDate: string): string {
  if (draft.kind === 'weekly') {
    const days = chosenDays(draft, startDate);
    return days.length === 7 ? ' on all days' : ` on ${joined(days.map(dayName))}`;
  }
  return draft.kind === 'monthly' ? ` on ${monthlyWords(draft.monthlyBy, startDate)}` : '';
}

const ordinals = ['', 'first', 'second', 'third', 'fourth'];

/** `day 12`, `the second Sunday`, `the last Friday`. */
export function monthlyWords(by: RecurrenceDraft['monthlyBy'], startDate: string): string {
  const day = weekdayOf(startDate);
  if (by === 'date' || day === null) return `day ${Number(startDate.slice(8, 10))}`;
  const nth = ordinalOf(startDate);
  return `the ${nth === -1 ? 'last' : ordinals[nth]} ${dayName(day)}`;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
