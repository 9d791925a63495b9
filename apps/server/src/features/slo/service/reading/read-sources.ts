import { DomainError } from '@qd/shared/errors';
import type { SourceKind } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import type { MetricsSource } from '../../../../adapters/metrics/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { type ObjectiveRow, objectivesOfKinds, type SourceRow } from '../../queries/objectives.ts';
import { noteSource, type SourceOutcome } from '../../queries/writes/reading.ts';
import type { SloDeps } from '../deps.ts';
import { refreshSummaries } from '../refresh-summaries.ts';
import { eachBounded } from './bounded.ts';
import { minutesOf, readableMinute, readableUntil, readHistory } from './read-history.ts';
import { readPresent } from './read-present.ts';

const SOURCES_AT_ONCE = 4;
/** A server is asked how it is this often, in the tick that reads it. */
const PROBE_EVERY_MS = MINUTE_MS;
/** Ticks come at slightly different moments; a tenth of slack keeps a source's own interval. */
const DUE_RATIO = 0.9;

/**
 * Reads every source of the given kinds that is due, and rewrites the list rows of what changed. Sources are read apart
 * from each other: one that is down, slow or returns rubbish is marked with the reason and touches no other.
 */
export async function readSources(ctx: Ctx, deps: SloDeps, kinds: readonly SourceKind[]): Promise<void> {
  const rows = await objectivesOfKinds(ctx.db, kinds);
  const changed: number[] = [];
  await eachBounded([...Map.groupBy(rows, (row) => row.source.id).values()], SOURCES_AT_ONCE, async (own) => {
    const [first] = own;
    if (first === undefined || !isDue(first.source, ctx.now().getTime())) return;
    for (const sliId of await readOne(ctx, deps, first.source, own)) changed.push(sliId);
  });
  if (changed.length > 0) await refreshSummaries(ctx, deps.memory, changed);
}

/** Pages are read at their own interval; everything else whenever the tick comes. */
function isDue(source: SourceRow, nowMs: number): boolean {
  if (source.kind !== 'scrape' || source.lastTriedAt === null) return true;
  return nowMs - source.lastTriedAt.getTime() >= source.intervalMs * DUE_RATIO;
}

/** Reads one source and notes how it went. Gives the SLIs whose list rows are to be rewritten; never throws. */
async function readOne(ctx: Ctx, deps: SloDeps, source: SourceRow, rows: readonly ObjectiveRow[]): Promise<number[]> {
  const at = ctx.now();
  try {
    const outcome: SourceOutcome = { at, error: null };
    const changed = await readBy(ctx, deps, { source, rows, outcome });
    if (changed === null) return [];
    await note(ctx, source, outcome);
    return changed;
  } catch (error) {
    if (!(error instanceof DomainError)) {
      ctx.log.error({ err: error, source: source.id }, 'a source could not be read');
      return [];
    }
    await note(ctx, source, { at, error: error.message });
    // The first failure shows at once; further ones change nothing that the summary tick does not.
    return source.lastError === null ? rows.map((row) => row.sliId) : [];
  }
}

interface Reading {
  source: SourceRow;
  rows: readonly ObjectiveRow[];
  /** Gains what the source tells about itself. */
  outcome: SourceOutcome;
}

/** Reads a source in the way of its kind; null when there was nothing to ask it. */
async function readBy(ctx: Ctx, deps: SloDeps, { source, rows, outcome }: Reading): Promise<number[] | null> {
  if (source.kind === 'demo') return readDemo(ctx, deps, rows);
  const open = deps.sources.of(source);
  if (open === null) return null;
  if (open.historyMinutes === null) return readPresent(ctx, deps, { rows, source: open });
  const until = readableUntil(ctx.now().getTime(), open.settleMs);
  const behind = rows.filter(
    (row) => row.readUntilMinute === null || row.readUntilMinute < readableMinute(row.indicator, until),
  );
  if (behind.length === 0) return null;
  await probe(ctx, deps, { open, source, outcome });
  return readHistory(ctx, deps, { rows: behind, until, read: minutesOf(open), probe: () => open.probe() });
}

/** Asks the server how it is, before many questions find out the same. */
async function probe(
  ctx: Ctx,
  deps: SloDeps,
  { open, source, outcome }: { open: MetricsSource; source: SourceRow; outcome: SourceOutcome },
): Promise<void> {
  const everyMs = source.lastError === null ? PROBE_EVERY_MS : 0;
  if (!deps.sources.shouldProbe(source, ctx.now().getTime(), everyMs)) return;
  const { version, latencyMs } = await open.probe();
  outcome.latencyMs = latencyMs;
  outcome.serverVersion = version;
}

async function readDemo(ctx: Ctx, deps: SloDeps, rows: readonly ObjectiveRow[]): Promise<number[] | null> {
  const until = readableUntil(ctx.now().getTime(), 0);
  // An objective whose history was not loaded yet has nothing to go on from.
  const told = rows.filter((row) => row.readUntilMinute !== null && row.readUntilMinute < until);
  if (told.length === 0) return null;
  const read = async (row: ObjectiveRow, span: { fromMinute: number; toMinute: number }) =>
    (await deps.tellStory(ctx, row, span)) ?? [];
  return readHistory(ctx, deps, { rows: told, until, read });
}

async function note(ctx: Ctx, source: SourceRow, outcome: SourceOutcome): Promise<void> {
  await ingest(ctx, (tx) => noteSource(tx, source.id, outcome));
  if ((source.lastError === null) !== (outcome.error === null)) ctx.hub.publish('health');
}
