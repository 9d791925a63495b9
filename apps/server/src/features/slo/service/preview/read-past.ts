import { DomainError } from '@qd/shared/errors';
import { type Indicator, sliceMinutesOf } from '@qd/shared/slo';
import type { MetricsSource, MinuteCount } from '../../../../adapters/metrics/port.ts';
import { eachBounded } from '../reading/bounded.ts';

const MINUTES_PER_DAY = 1_440;
/** Minutes asked for at once. Counters come series by series, the others as one figure a minute. */
const CHUNK_MINUTES = { series: MINUTES_PER_DAY, figures: 7 * MINUTES_PER_DAY };
/** A preview is no reason to keep a server from its other questions. */
const READS_AT_ONCE = 2;

/** What was counted in `[fromMinute, untilMinute)`, ascending. */
export interface Past {
  fromMinute: number;
  untilMinute: number;
  counts: MinuteCount[];
  /** True if there was no time to read all that was asked for; what was read is the newest part. */
  isCut: boolean;
}

/**
 * Reads the past of an indicator, newest first, until the signal ends it: what was read by then is kept if it reaches
 * up to the end. Throws what the source throws, and `upstream` when there was no time for anything.
 */
export async function readPast(
  source: MetricsSource,
  indicator: Indicator,
  { fromMinute, untilMinute, signal }: { fromMinute: number; untilMinute: number; signal: AbortSignal },
): Promise<Past> {
  const chunks = chunksOf(indicator, fromMinute, untilMinute);
  const read: (MinuteCount[] | undefined)[] = [];
  await eachBounded([...chunks.entries()], READS_AT_ONCE, async ([i, span]) => {
    if (signal.aborted) return;
    try {
      read[i] = await source.read({ indicator, ...span, signal });
    } catch (error) {
      // Out of time: what is there already is shown.
      if (!signal.aborted) throw error;
    }
  });
  const missing = chunks.findIndex((_, i) => read[i] === undefined);
  const kept = missing === -1 ? chunks.length : missing;
  const oldest = chunks[kept - 1];
  if (oldest === undefined) {
    throw new DomainError(
      'upstream',
      'The source answered too slowly for a preview; choose fewer days or a lighter query.',
    );
  }
  const counts = read
    .slice(0, kept)
    .toReversed()
    .flatMap((some) => some ?? []);
  return { fromMinute: oldest.fromMinute, untilMinute, counts, isCut: kept < chunks.length };
}

/** Spans of full slices, the newest first. */
function chunksOf(
  indicator: Indicator,
  fromMinute: number,
  untilMinute: number,
): { fromMinute: number; toMinute: number }[] {
  const isSeries = indicator.kind === 'counters' || indicator.kind === 'latency';
  const length = isSeries ? CHUNK_MINUTES.series : CHUNK_MINUTES.figures;
  const step = sliceMinutesOf(indicator);
  const chunks: { fromMinute: number; toMinute: number }[] = [];
  for (let to = Math.floor(untilMinute / step) * step; to > fromMinute; to -= length)
    chunks.push({ fromMinute: Math.max(fromMinute, to - length), toMinute: to });
  return chunks;
}
