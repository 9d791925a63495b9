import type { Budget, BudgetView, SloSummary, SloWindow } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { formatDay } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import { windowDays, windowLength, windowWords } from './budget-words.ts';
import type { Moment } from './moment.ts';

/** One way to look at the budget: what the switch above the plot offers. */
export interface WindowChoice {
  /** In the address: null for the window that decides. */
  key: string | null;
  label: string;
  view: BudgetView;
  /** Place among the windows of the objective; 0 is the one that decides. */
  index: number;
  budget: Budget;
}

const zones = new Map<string, Zone>();

/** The zone of that IANA name, as days of a calendar are written in. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const zone: Zone = { mode: name === 'UTC' ? 'utc' : 'local', name, label: name };
  zones.set(name, zone);
  return zone;
}

/** Day, month and year of an instant by the wall clock of a zone; months from 1. */
function dateOf(at: number, zone: Zone): { day: number; month: number; year: number; words: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone.name,
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
  });
  const part = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const words = new Intl.DateTimeFormat('en-GB', { timeZone: zone.name, month: 'long', year: 'numeric' }).format(at);
  return { day: part.get('day') ?? 0, month: part.get('month') ?? 0, year: part.get('year') ?? 0, words };
}

/** Name of a calendar period by its own clock: `November 2026`, `Q4 2026`, `2026`, `16 to 22 Nov`. */
export function periodName(window: SloWindow, nowMs: number): string {
  const { calendar, startAt, endAt } = window;
  if (calendar === undefined) return '';
  const zone = zoneOf(calendar.timeZone);
  const { day, month, year, words } = dateOf(startAt, zone);
  const isFirst = calendar.count === 1 && day === 1;
  if (calendar.unit === 'month' && isFirst) return words;
  if (calendar.unit === 'quarter' && isFirst && month % 3 === 1) return `Q${(month + 2) / 3} ${year}`;
  if (calendar.unit === 'year' && isFirst && month === 1) return String(year);
  const first = formatDay(startAt, zone, nowMs);
  const last = formatDay(endAt - 1, zone, nowMs);
  return first === last ? first : `${first} to ${last}`;
}

/** Where a window lies: `9 Sep to 9 Oct`, `last 30 d`, `November 2026, Europe/Berlin`. */
export function windowName(window: SloWindow, zone: Zone, nowMs: number): string {
  if (window.calendar !== undefined) return `${periodName(window, nowMs)}, ${window.calendar.timeZone}`;
  if (window.view === 'rolling') return `last ${windowLength(window.windowMs)}`;
  return windowDays(window, zone, nowMs);
}

/** The same as the subject of a sentence, and whether it takes a plural verb. */
export function windowSubject(window: SloWindow, nowMs: number): { words: string; isPlural: boolean } {
  if (window.calendar !== undefined) return { words: periodName(window, nowMs), isPlural: false };
  if (window.view === 'window') return { words: 'the fixed window', isPlural: false };
  return { words: `the last ${windowWords(window.windowMs)}`, isPlural: window.windowMs !== DAY_MS };
}

/** "The fixed window, which decides, has 2.9%." without the figure: subject, relative clause and verb. */
export function decides(window: SloWindow, nowMs: number): string {
  const { words, isPlural } = windowSubject(window, nowMs);
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  return isPlural ? `${capital}, which decide, have` : `${capital}, which decides, has`;
}

function choiceLabel(window: SloWindow, { zone, nowMs }: Moment): string {
  if (window.calendar !== undefined) return periodName(window, nowMs);
  return window.view === 'rolling' ? `Rolling ${windowLength(window.windowMs)}` : windowDays(window, zone, nowMs);
}

/** What can be looked at: the window that decides first, its rolling reading, then the further windows. */
export function windowChoices(slo: Pick<SloSummary, 'budget' | 'rolling' | 'others'>, now: Moment): WindowChoice[] {
  const { budget, rolling, others } = slo;
  const isPlain = budget.window.view === 'window' && budget.window.calendar === undefined;
  const label = isPlain ? 'Window' : choiceLabel(budget.window, now);
  const choices: WindowChoice[] = [{ key: null, label, view: budget.window.view, index: 0, budget }];
  if (budget.window.view === 'window') {
    choices.push({
      key: 'rolling',
      label: choiceLabel(rolling.window, now),
      view: 'rolling',
      index: 0,
      budget: rolling,
    });
  }
  others.forEach((other, i) => {
    const { view } = other.window;
    choices.push({
      key: `other-${i + 1}`,
      label: choiceLabel(other.window, now),
      view,
      index: i + 1,
      budget: other,
    });
  });
  return choices;
}

/** The choice an address asks for; the deciding window for anything else. */
export function choiceOf(choices: readonly WindowChoice[], key: string | null): WindowChoice | undefined {
  return choices.find((choice) => choice.key === key) ?? choices[0];
}

/** What the server is asked for to show an objective with the choice that an address names, whatever windows it has. */
export function pageInput(id: string, key: string | null): { id: string; view?: 'rolling'; window?: number } {
  if (key === 'rolling') return { id, view: key };
  const window = Number(/^other-(\d\d?)$/.exec(key ?? '')?.[1]);
  return window > 0 ? { id, window } : { id };
}
