import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../time/index.ts';
import { envLines } from './env-lines.ts';
import { dueNotice, noticeDays } from './key-notices.ts';
import { MAX_OVERLAP_DAYS } from './policy.ts';
import { adoptionOf, adoptionOfAll, closeVerdict, deadlineMs, extendedEndMs, rotationEndMs } from './rotation.ts';

const start = Date.UTC(2026, 9, 2, 9, 12);
const instant = fc.integer({ min: start, max: start + 60 * DAY_MS });
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });

describe('the end of the old key', () => {
  it('is the first of its clocks, and never past its expiry', () => {
    fc.assert(
      fc.property(
        instant,
        orNull(fc.nat(40 * DAY_MS)),
        orNull(instant),
        orNull(instant),
        (deadline, grace, use, expires) => {
          const end = rotationEndMs({ deadlineMs: deadline, graceMs: grace, firstUseMs: use, expiresMs: expires });
          const clocks = [deadline, ...(expires === null ? [] : [expires])];
          if (grace !== null && use !== null) clocks.push(use + grace);
          expect(clocks).toContain(end);
          expect(clocks.every((at) => end <= at)).toBe(true);
        },
      ),
    );
  });

  it('follows the grace only once the successor was used', () => {
    const clocks = { deadlineMs: start + 7 * DAY_MS, graceMs: DAY_MS, expiresMs: null };
    expect(rotationEndMs({ ...clocks, firstUseMs: null })).toBe(start + 7 * DAY_MS);
    expect(rotationEndMs({ ...clocks, firstUseMs: start + HOUR_MS })).toBe(start + DAY_MS + HOUR_MS);
    expect(rotationEndMs({ ...clocks, firstUseMs: start + 6.5 * DAY_MS })).toBe(start + 7 * DAY_MS);
  });

  it('is at most so many days after the start', () => {
    expect(deadlineMs(start, 7, null)).toBe(start + 7 * DAY_MS);
    expect(deadlineMs(start, 7, start + DAY_MS)).toBe(start + DAY_MS);
    expect(deadlineMs(start, 0, null)).toBe(start);
  });

  it('is moved within thirty days of the start and the expiry, and never back', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 30 }), orNull(instant), (ends, days, expires) => {
        const moved = extendedEndMs({ endsMs: ends, days, startedMs: start, expiresMs: expires });
        expect(moved).toBeGreaterThanOrEqual(ends);
        expect(moved).toBeLessThanOrEqual(ends + days * DAY_MS);
        if (moved === ends) return;
        expect(moved).toBeLessThanOrEqual(start + MAX_OVERLAP_DAYS * DAY_MS);
        if (expires !== null) expect(moved).toBeLessThanOrEqual(expires);
      }),
    );
  });
});

describe('what a consumer sends', () => {
  const ago = (ms: number): number => start - ms;
  it.each([
    [null, null, 'silent'],
    [ago(DAY_MS), ago(DAY_MS), 'silent'],
    [ago(DAY_MS - 1), null, 'old'],
    [null, ago(DAY_MS - 1), 'new'],
    [ago(HOUR_MS - 1), ago(HOUR_MS - 1), 'both'],
    [ago(HOUR_MS), ago(1), 'new'],
    [ago(1), ago(HOUR_MS), 'old'],
    [ago(3 * HOUR_MS), ago(2 * HOUR_MS), 'new'],
    [ago(2 * HOUR_MS), ago(2 * HOUR_MS), 'old'],
  ] as const)('%s and %s is %s', (oldMs, newMs, wanted) => {
    expect(adoptionOf({ oldMs, newMs }, start)).toBe(wanted);
  });
});

describe('closing the old key', () => {
  const recent = start - HOUR_MS;
  it('is safe when it was silent for a day', () => {
    const of = { consumers: [{ name: 'a', sends: 'silent' as const }], unknownLastOldMs: [] };
    expect(closeVerdict({ ...of, lastOldMs: null }, start)).toEqual({ isSafe: true, because: 'silent' });
    expect(closeVerdict({ ...of, lastOldMs: start - DAY_MS }, start)).toEqual({ isSafe: true, because: 'silent' });
    expect(closeVerdict({ ...of, lastOldMs: start - DAY_MS + 1 }, start).isSafe).toBe(false);
  });

  it('is safe when all consumers moved and nobody unknown is left', () => {
    const consumers = [
      { name: 'a', sends: 'new' as const },
      { name: 'b', sends: 'silent' as const },
    ];
    expect(closeVerdict({ lastOldMs: recent, consumers, unknownLastOldMs: [start - DAY_MS, null] }, start)).toEqual({
      isSafe: true,
      because: 'all_moved',
    });
    expect(closeVerdict({ lastOldMs: recent, consumers, unknownLastOldMs: [recent] }, start)).toEqual({
      isSafe: false,
      lastOldMs: recent,
      stillOld: [],
      unknownCallers: 1,
    });
  });

  it('names who still sends it', () => {
    const consumers = [
      { name: 'a', sends: 'both' as const },
      { name: 'b', sends: 'old' as const },
      { name: 'c', sends: 'new' as const },
      { name: 'd', sends: null },
    ];
    expect(closeVerdict({ lastOldMs: recent, consumers, unknownLastOldMs: [] }, start)).toMatchObject({
      isSafe: false,
      stillOld: ['a', 'b'],
    });
    const nobodyTold = { lastOldMs: recent, consumers: [{ name: 'd', sends: null }], unknownLastOldMs: [] };
    expect(closeVerdict(nobodyTold, start).isSafe).toBe(false);
  });
});

describe('somebody who calls from several places', () => {
  const ago = (ms: number): number => start - ms;

  it('has moved only when each of them has', () => {
    const moved = { oldMs: ago(3 * HOUR_MS), newMs: ago(HOUR_MS) };
    const behind = { oldMs: ago(2 * HOUR_MS), newMs: null };
    const quiet = { oldMs: ago(2 * DAY_MS), newMs: null };
    expect(adoptionOfAll([moved, quiet], start)).toBe('new');
    expect(adoptionOfAll([moved, behind], start)).toBe('both');
    expect(adoptionOfAll([behind, quiet], start)).toBe('old');
    expect(adoptionOfAll([quiet], start)).toBe('silent');
    expect(adoptionOfAll([], start)).toBe('silent');
  });

  it('stops an end while there may be more of them than were counted', () => {
    const consumers = [{ name: 'a', sends: 'new' as const }];
    const of = { lastOldMs: ago(HOUR_MS), consumers, unknownLastOldMs: [] };
    expect(closeVerdict(of, start)).toEqual({ isSafe: true, because: 'all_moved' });
    expect(closeVerdict({ ...of, hasMore: true }, start)).toMatchObject({ isSafe: false, unknownCallers: 1 });
  });
});

describe('the notices before an end', () => {
  const end = start + 40 * DAY_MS;
  const expiry = { endsMs: end, startedMs: null };

  /** Asks at each instant and sends what is due. */
  const told = (standing: { endsMs: number; startedMs: number | null }, instants: readonly number[]): number[] => {
    const sent: number[] = [];
    for (const at of instants) {
      const due = dueNotice({ ...standing, sent }, at);
      if (due !== null) sent.push(due);
    }
    return sent;
  };

  it('come at seven, three, one and no days, and one day after it', () => {
    const everyHour = Array.from({ length: 45 * 24 }, (_, i) => start + i * HOUR_MS);
    expect(told(expiry, everyHour)).toEqual([...noticeDays]);
    expect(dueNotice({ ...expiry, sent: [] }, end - 7 * DAY_MS - 1)).toBeNull();
    expect(dueNotice({ ...expiry, sent: [] }, end - 7 * DAY_MS)).toBe(7);
    expect(dueNotice({ ...expiry, sent: [7, 3, 1] }, end - 1)).toBeNull();
    expect(dueNotice({ ...expiry, sent: [7, 3, 1] }, end)).toBe(0);
  });

  it('begin with the rotation itself', () => {
    const week = { endsMs: start + 7 * DAY_MS, startedMs: start };
    expect(told(week, [start, start + 1, start + DAY_MS])).toEqual([7]);
    expect(told({ endsMs: start + 30 * DAY_MS, startedMs: start }, [start, start + 23 * DAY_MS])).toEqual([30, 7]);
    expect(told({ endsMs: start + 5 * DAY_MS, startedMs: start }, [start, start + 2 * DAY_MS])).toEqual([5, 3]);
    expect(told({ endsMs: start, startedMs: start }, [start, start + DAY_MS])).toEqual([0, -1]);
    expect(dueNotice({ ...week, sent: [] }, start - 1)).toBeNull();
  });

  it('are never sent twice, never go back, and catch up with only the latest', () => {
    const offsets = fc.array(fc.integer({ min: 0, max: 50 * DAY_MS }), { maxLength: 40 });
    fc.assert(
      fc.property(offsets, fc.boolean(), (gaps, isRotation) => {
        const instants = gaps.map((gap) => start + gap).toSorted((a, b) => a - b);
        const sent = told({ endsMs: end, startedMs: isRotation ? start : null }, instants);
        expect(sent).toEqual([...new Set(sent)].toSorted((a, b) => b - a));
        expect(sent.length).toBeLessThanOrEqual(instants.length);
      }),
    );
    expect(told(expiry, [end - DAY_MS / 2])).toEqual([1]);
    expect(told(expiry, [end + 3 * DAY_MS])).toEqual([]);
  });
});

describe('lines of a settings file', () => {
  it('name the old key, both, and the new one', () => {
    expect(envLines({ oldKey: 'old-key', newKey: 'new-key-1', others: ['new-key-2'] })).toEqual({
      before: 'API_KEYS=old-key,new-key-2',
      overlap: 'API_KEYS=old-key,new-key-1,new-key-2',
      after: 'API_KEYS=new-key-1,new-key-2',
    });
  });

  it('are one line each, whatever the keys are', () => {
    for (const bad of ['', 'a b', 'a,b', 'a\nb', '"a"', '$(a)', 'a#b']) {
      expect(() => envLines({ oldKey: 'old', newKey: bad })).toThrow(RangeError);
    }
    expect(() => envLines({ variable: 'A=B', oldKey: 'a', newKey: 'b' })).toThrow(RangeError);
  });
});
