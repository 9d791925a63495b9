import { absentVerdict } from './absent-verdict.ts';
import { burnVerdict } from './burn-verdict.ts';
import { exhaustionVerdict } from './exhaustion-verdict.ts';
import type { AlertEvent, AlertKind, AlertState, AlertTransition, AlertView } from './types.ts';
import { byUrgency, isMoreUrgent } from './urgency.ts';
import type { AlertDetails, AlertInput, AlertVerdict } from './verdict.ts';

/** One alert that changed, and the event that says so. */
export interface AlertChange {
  /** Null when it begins. */
  before: AlertView | null;
  /** Null when it is over. */
  after: AlertView | null;
  event: AlertEvent;
  /** The figures of the event, for machines. */
  details: AlertDetails;
}

/** What the alerts of one objective are at, those that fire or are frozen, and what changed. */
export interface AlertOutcome {
  alerts: AlertView[];
  changes: AlertChange[];
}

type Judge = (input: AlertInput, before: AlertView | null) => AlertVerdict;

const judges: Record<AlertKind, Judge> = { burn: burnVerdict, exhaustion: exhaustionVerdict, absent: absentVerdict };
const kinds = Object.keys(judges) as AlertKind[];

/**
 * The state machine of an objective's alerts: at most one change per kind, none when the figures say what they said
 * before. An alert is over only when something was measured that says so, or when its rule was taken away.
 */
export function evaluateAlerts(input: AlertInput): AlertOutcome {
  const alerts: AlertView[] = [];
  const changes: AlertChange[] = [];
  for (const kind of kinds) {
    const before = input.previous.find((alert) => alert.kind === kind && alert.state !== 'ok') ?? null;
    const change = changeOf(input, kind, before);
    if (change !== null) changes.push(change);
    const after = change === null ? before : change.after;
    if (after !== null) alerts.push(after);
  }
  return { alerts: alerts.toSorted(byUrgency), changes };
}

/** Ends an alert whose objective is no longer watched. */
export function retireAlert(
  slo: Pick<AlertInput['slo'], 'id' | 'name' | 'platformId' | 'isDemo'>,
  before: AlertView,
  now: number,
): AlertChange {
  const words = 'The objective is no longer watched.';
  return { before, after: null, event: eventOf({ slo, now }, before, { transition: 'resolved', words }), details: {} };
}

function changeOf(input: AlertInput, kind: AlertKind, before: AlertView | null): AlertChange | null {
  const verdict = judges[kind](input, before);
  if (verdict.is === 'unchanged') return null;
  const transition = transitionOf(verdict, before);
  if (transition === null) return null;
  const { words, details } = verdict;
  const now = input.now;
  const held = before ?? fresh(kind, now);
  switch (transition) {
    case 'resolved':
      return { before, after: null, event: eventOf(input, held, { transition, words }), details };
    case 'frozen':
      return {
        before,
        after: { ...held, state: 'frozen' },
        event: eventOf(input, held, { transition, words }),
        details,
      };
    case 'fired':
    case 'escalated':
    case 'eased':
    case 'thawed': {
      const { severity, tier } = verdict.is === 'firing' ? verdict : held;
      const after: AlertView = { ...held, state: 'firing' satisfies AlertState, severity, tier, summary: words };
      const said = { transition, words: `${prefixes[transition]}${words}` };
      return { before, after, event: eventOf(input, after, said), details };
    }
  }
}

const prefixes = { fired: '', escalated: 'More urgent. ', eased: 'Less urgent. ', thawed: 'Measured again. ' } as const;

function transitionOf(
  verdict: Exclude<AlertVerdict, { is: 'unchanged' }>,
  before: AlertView | null,
): AlertTransition | null {
  if (before === null) return verdict.is === 'firing' ? 'fired' : null;
  if (verdict.is === 'quiet') return 'resolved';
  if (verdict.is === 'unknown') return before.state === 'firing' ? 'frozen' : null;
  if (isMoreUrgent(verdict, before)) return 'escalated';
  if (isMoreUrgent(before, verdict)) return 'eased';
  return before.state === 'frozen' ? 'thawed' : null;
}

function fresh(kind: AlertKind, now: number): AlertView {
  return { kind, state: 'ok', severity: 'ticket', tier: null, firedAt: now, summary: '' };
}

function eventOf(
  { slo, now }: { slo: Pick<AlertInput['slo'], 'id' | 'name' | 'platformId' | 'isDemo'>; now: number },
  alert: AlertView,
  said: { transition: AlertTransition; words: string },
): AlertEvent {
  return {
    id: `${slo.id}.${alert.kind}.${now}`,
    sloId: slo.id,
    sloName: slo.name,
    platformId: slo.platformId,
    kind: alert.kind,
    transition: said.transition,
    severity: alert.severity,
    tier: alert.tier,
    at: now,
    firedAt: alert.firedAt,
    summary: said.words,
    isDemo: slo.isDemo,
  };
}
