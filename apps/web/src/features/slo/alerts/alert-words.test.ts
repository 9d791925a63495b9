import type { AlertTransition, AlertView } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { anAlert, NOW } from '../test/story.ts';
import { alertKind, alertWord, eventLook, firingSince, rowAlert, speaking } from './alert-words.ts';

describe('an alert in words', () => {
  it.each<[Partial<AlertView>, string, string, string]>([
    [{}, 'Page', 'crit', 'Fast burn'],
    [{ severity: 'ticket', tier: 'long_term' }, 'Ticket', 'warn', 'Long-term burn'],
    [{ kind: 'exhaustion', tier: null, severity: 'ticket' }, 'Ticket', 'warn', 'Budget runs out'],
    [{ kind: 'absent', tier: null, severity: 'ticket' }, 'Ticket', 'warn', 'No data'],
    [{ state: 'frozen' }, 'Frozen', 'stale', 'Fast burn'],
    [{ state: 'ok' }, 'Quiet', 'ok', 'Fast burn'],
  ])('%o', (over, word, tone, kind) => {
    expect(alertWord(anAlert(over))).toMatchObject({ word, tone });
    expect(alertKind(anAlert(over))).toBe(kind);
  });

  it('says since when, with the day when it was another', () => {
    const at = { nowMs: NOW, zone: utc };
    expect(firingSince(NOW - 20_000, at)).toBe('since 14:47');
    expect(firingSince(NOW - 21 * MINUTE_MS, at)).toBe('since 14:26, 21 min');
    expect(firingSince(NOW - DAY_MS, at)).toBe('since 2 Oct, 14:47 UTC, 1 d');
  });

  it.each<[AlertTransition, 'page' | 'ticket', string, string]>([
    ['fired', 'page', 'Fired', 'crit'],
    ['fired', 'ticket', 'Fired', 'warn'],
    ['escalated', 'page', 'Escalated', 'crit'],
    ['eased', 'ticket', 'Eased', 'warn'],
    ['resolved', 'page', 'Resolved', 'none'],
    ['frozen', 'page', 'Frozen', 'stale'],
    ['thawed', 'page', 'Thawed', 'info'],
  ])('%s %s is %s in %s', (transition, severity, word, tone) => {
    expect(eventLook({ transition, severity })).toMatchObject({ word, tone });
  });

  it('gives a row its most urgent alert and how many more there are; quiet ones do not speak', () => {
    const absent = anAlert({ kind: 'absent', tier: null, severity: 'ticket' });
    const quiet = anAlert({ state: 'ok' });
    expect(speaking({ alerts: [anAlert(), quiet] })).toEqual([anAlert()]);
    expect(rowAlert({ alerts: [anAlert(), absent] })?.text).toBe('Page, fast burn, 1 more');
    expect(rowAlert({ alerts: [anAlert({ state: 'frozen' })] })?.text).toBe('Frozen, page for fast burn');
    expect(rowAlert({ alerts: [quiet] })).toBeNull();
  });
});
