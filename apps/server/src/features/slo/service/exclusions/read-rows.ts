import type { Counted, CumulativeRow, MinuteSpan } from '@qd/shared/slo';
import type { ReadDb } from '../../../../db/client.ts';
import { countsAt } from '../../queries/boundaries.ts';
import { rowsOfOne } from '../../queries/probes.ts';
import type { ReadAhead } from '../../queries/read-ahead.ts';
import { horizonMinute } from '../../queries/tiers.ts';
import {
  boundariesOf,
  type ExcludableObjective,
  type ExclusionsByPlatform,
  spansForMinutes,
  withCounts,
  withoutExcluded,
} from './excluded-time.ts';

/** Rows of one objective as they were counted and without excluded time, by the minute asked for. */
export interface AdjustedRows {
  raw: ReadonlyMap<number, CumulativeRow | null>;
  rows: ReadonlyMap<number, CumulativeRow | null>;
  /** What was taken out, where the rows are. */
  spans: readonly MinuteSpan[];
  /** What had been counted where excluded time begins and ends, and at the ends of the `edges` asked for. */
  counts: ReadonlyMap<number, Counted>;
}

/** Takes excluded time out of rows of several objectives. `read` gives the rows, in the order of `wanted` and its minutes. */
export async function readWithoutExcluded<Row extends ExcludableObjective>(
  db: ReadDb,
  of: {
    wanted: readonly { row: Row; minutes: readonly number[]; edges?: readonly MinuteSpan[] }[];
    exclusions: ExclusionsByPlatform;
    nowMs: number;
  },
  read: () => Promise<readonly (readonly (CumulativeRow | null)[])[]>,
): Promise<AdjustedRows[]> {
  const { wanted, exclusions, nowMs } = of;
  const spans = wanted.map(({ row, minutes }) => spansForMinutes(exclusions, row, minutes, nowMs));
  const boundaries = wanted.map(({ row, edges = [] }, i) => ({
    sliId: row.sliId,
    minutes: boundariesOf([...(spans[i] ?? []), ...edges]),
  }));
  const [found, counts] = await Promise.all([read(), countsAt(db, boundaries, horizonMinute(nowMs))]);
  return wanted.map(({ row, minutes }, i) => {
    const raw = new Map<number, CumulativeRow | null>();
    for (const [k, m] of minutes.entries()) raw.set(m, found[i]?.[k] ?? null);
    const own = spans[i] ?? [];
    const at = counts[i] ?? new Map<number, Counted>();
    return { raw, rows: withoutExcluded(row, raw, withCounts(row, own, at), nowMs), spans: own, counts: at };
  });
}

/** The minutes that one part of a page asks for, and spans at whose ends it asks what had been counted. */
export interface WantedRows {
  minutes: readonly number[];
  edges?: readonly MinuteSpan[];
}

/** The same for many minutes of one objective, as `rowsOfOne` reads them: once for all parts, each of which gets its own. */
export async function rowsWithoutExcluded<Parts extends readonly WantedRows[]>(
  db: ReadDb,
  parts: Parts,
  of: { row: ExcludableObjective; exclusions: ExclusionsByPlatform; nowMs: number; ahead?: ReadAhead | null },
): Promise<{ [Part in keyof Parts]: AdjustedRows }> {
  const { row, exclusions, nowMs, ahead = null } = of;
  const wanted = parts.map((part) => ({ row, ...part }));
  const read = await readWithoutExcluded(db, { wanted, exclusions, nowMs }, async () => {
    const minutes = parts.flatMap((part) => part.minutes);
    const found = await rowsOfOne(db, { sliId: row.sliId, minutes }, horizonMinute(nowMs), ahead);
    let start = 0;
    return parts.map((part) => found.slice(start, (start += part.minutes.length)));
  });
  return read as { [Part in keyof Parts]: AdjustedRows };
}
