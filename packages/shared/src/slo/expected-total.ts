import { MINUTE_MS, minuteOf } from '../time/index.ts';
import { elapsedShares, expectedEvents, type ExpectedEventsInput, MIN_PREVIOUS_COVERAGE_RATIO } from './budget.ts';
import { difference } from './cumulative.ts';
import type { CumulativeRow, SloWindow, WindowReading } from './types.ts';
import { minutesOf, type Reader } from './window-reader.ts';
import { windowMinutes, windowStepMs } from './windows.ts';
import { namedMs, windowNow } from './windows/current.ts';
import type { SloWindowSpec } from './windows/types.ts';

/** Where the period before is read. */
export interface PreviousProbes {
  beforeM: number;
  /** Same point of the previous period, between two full hours where only those are stored. */
  sameFloorM: number;
  sameCeilM: number;
  /** How far between the two, 0..1. */
  fraction: number;
}

/** The minutes at which the period before a window is read at `now`. */
export function previousProbes(spec: SloWindowSpec, window: SloWindow, now: number): PreviousProbes {
  const previous = windowNow(spec, window.startAt - 1);
  const { beforeM: startM, endM } = windowMinutes(window, now);
  const beforeM = minuteOf(previous.startAt) - 1;
  const lengthRatio = window.windowMs / previous.windowMs;
  const sameM = beforeM + (endM - startM) / lengthRatio;
  const step = windowStepMs(namedMs(spec)) / MINUTE_MS;
  const sameFloorM = Math.floor((sameM + 1) / step) * step - 1;
  return { beforeM, sameFloorM, sameCeilM: sameFloorM + step, fraction: (sameM - sameFloorM) / step };
}

/** What happened in these minutes, had they been as many as `minutes` and all been measured. */
function stretched(reading: WindowReading, minutes: number): number {
  return reading.observedMinutes > 0 ? (reading.total * minutes) / reading.observedMinutes : 0;
}

/** Share of a part that was measured; a part without minutes lacks nothing. */
function coverageOf({ observedMinutes, expectedMinutes }: WindowReading): number {
  return expectedMinutes > 0 ? observedMinutes / expectedMinutes : 1;
}

/** The row at the same point of the previous period, between the two that are kept. */
function sameRow(reader: Reader, at: PreviousProbes): CumulativeRow {
  const [floor, ceil] = [reader.rowAt(at.sameFloorM), reader.rowAt(at.sameCeilM)];
  const between = (of: 'total' | 'bad' | 'observed' | 'excluded'): number => {
    const from = floor?.[of] ?? 0;
    return from + ((ceil?.[of] ?? 0) - from) * at.fraction;
  };
  const m = at.sameFloorM + at.fraction * (at.sameCeilM - at.sameFloorM);
  return {
    m,
    total: between('total'),
    bad: between('bad'),
    observed: between('observed'),
    excluded: between('excluded'),
  };
}

/**
 * The period before as `expectedEvents` takes it: what it had up to the same point and after it, each stretched to the
 * minutes that count in this one. February is no March, and excluded time is in neither of two months alike. Null where
 * its rows are no longer kept: they read as nothing, and the difference to nothing is no period.
 */
function previousOf(
  reader: Reader,
  at: PreviousProbes,
  counted: { startM: number; past: number; ahead: number },
): NonNullable<ExpectedEventsInput['previous']> | null {
  const before = reader.rowAt(at.beforeM);
  if (before === null && reader.endM - reader.lifeMinutes < at.beforeM) return null;
  const { startM } = counted;
  const [same, start] = [sameRow(reader, at), reader.rowAt(startM)];
  const past = difference(same, before, same.m - at.beforeM);
  const ahead = difference(start, same, startM - same.m);
  // A young objective knows the end of the period before, but not its beginning: then the two cannot be compared.
  if (Math.min(coverageOf(past), coverageOf(ahead)) < MIN_PREVIOUS_COVERAGE_RATIO) return null;
  const totalAtSameElapsed = stretched(past, counted.past);
  return { total: totalAtSameElapsed + stretched(ahead, counted.ahead), totalAtSameElapsed, coverageRatio: 1 };
}

/** Events a period will reach, from those so far and the period before; needs the rows of `previousProbes`. */
export function expectedTotal(
  reader: Reader,
  spec: SloWindowSpec,
  window: SloWindow,
  reading: WindowReading,
): { expectedEvents: number; estimated: boolean } {
  const minutes = minutesOf(window, reader, reading);
  const past = reading.expectedMinutes;
  const at = previousProbes(spec, window, reader.now);
  const previous = previousOf(reader, at, { startM: minuteOf(window.startAt) - 1, past, ahead: minutes - past });
  return expectedEvents({
    soFar: reading.total,
    ...elapsedShares(minutes * MINUTE_MS, reading),
    ...(previous === null ? {} : { previous }),
  });
}
