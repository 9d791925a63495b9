import type { Exclusion } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { draftFaults, draftOf, inputOf, newDraft } from './draft.ts';

const startAt = Date.UTC(2026, 10, 22, 2);
const about = {
  platformId: 'shop',
  sloId: null,
  startAt,
  endAt: startAt + 30 * MINUTE_MS,
  reason: 'Disk swap',
  timeZone: 'UTC',
};

describe('the form of excluded time', () => {
  it('sends what it was opened with', () => {
    expect(inputOf(newDraft(about))).toEqual({
      platformId: 'shop',
      sloId: null,
      category: 'maintenance',
      reason: 'Disk swap',
      startsAt: startAt,
      durationMs: 30 * MINUTE_MS,
      rrule: null,
      timeZone: 'UTC',
    });
  });

  it('reads times by the clock of the zone in the form', () => {
    const draft = { ...newDraft({ ...about, timeZone: 'Europe/Berlin' }) };
    expect(draft.starts).toBe('2026-11-22T03:00');
    expect(inputOf({ ...draft, timeZone: 'UTC' })?.startsAt).toBe(startAt + HOUR_MS);
  });

  it.each([
    ['platformId', { platformId: '' }, 'Choose a platform.'],
    ['reason', { reason: ' a ' }, 'Say why, in at least 3 characters.'],
    ['timeZone', { timeZone: 'Mars/Olympus' }, 'Write a time zone such as Europe/Berlin, or UTC.'],
    ['starts', { starts: '' }, 'Give the day and the time of the start.'],
    ['ends', { ends: '2026-11-22' }, 'Give the day and the time of the end.'],
    ['ends', { ends: '2026-11-22T02:00' }, 'The end must be at least a minute after the start.'],
    ['ends', { ends: '2026-12-24T02:00' }, 'At most 31 days at once.'],
  ] as const)('names the fault of %s in %o', (field, change, words) => {
    const draft = { ...newDraft(about), ...change };
    expect(draftFaults(draft)).toEqual({ [field]: words });
    expect(inputOf(draft)).toBeNull();
  });

  it('shows a stored exclusion and sends it back unchanged', () => {
    const stored: Exclusion = {
      id: 'exc_1',
      platformId: 'shop',
      sloId: 'slo_1',
      category: 'deployment',
      reason: 'Weekly release',
      startsAt: startAt,
      durationMs: 45 * MINUTE_MS,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      timeZone: 'America/New_York',
      version: 3,
      createdAt: 0,
      createdBy: 'Ines',
      updatedAt: 0,
      updatedBy: 'Ines',
      withdrawnAt: null,
      isDemo: false,
    };
    const { startsAt, durationMs, rrule, timeZone, platformId, sloId, category, reason } = stored;
    // In New York it is still Saturday: BYDAY=SU is not its own day, but a choice all the same.
    expect(inputOf(draftOf(stored))).toEqual({
      startsAt,
      durationMs,
      rrule,
      timeZone,
      platformId,
      sloId,
      category,
      reason,
    });
  });
});
