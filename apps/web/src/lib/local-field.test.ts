import { MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLocalField, toLocalField } from './local-field.ts';
import { localZone, utc } from './zone.ts';

describe('a form field of local day and time', () => {
  it('finds back every minute outside the hour that a clock change repeats', () => {
    const names = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/New_York'];
    const zones = fc.constantFrom(utc, ...names.map((name) => localZone(name)));
    const minutes = fc.integer({ min: Date.UTC(2026, 5, 1) / MINUTE_MS, max: Date.UTC(2026, 5, 30) / MINUTE_MS });
    fc.assert(
      fc.property(zones, minutes, (zone, minute) => {
        const atMs = minute * MINUTE_MS;
        expect(fromLocalField(toLocalField(atMs, zone), zone)).toBe(atMs);
      }),
    );
  });

  it('is by the clock of the season', () => {
    const berlin = localZone('Europe/Berlin');
    expect(toLocalField(Date.UTC(2026, 0, 5, 9), berlin)).toBe('2026-01-05T10:00');
    expect(toLocalField(Date.UTC(2026, 6, 5, 9), berlin)).toBe('2026-07-05T11:00');
  });

  it.each(['', '2026-11-22', '2026-11-22T9:00', '2026-13-45T09:00', 'tomorrow'])(
    'is nothing while it says "%s"',
    (text) => {
      expect(fromLocalField(text, utc)).toBeNull();
    },
  );
});
