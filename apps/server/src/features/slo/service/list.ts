import { DomainError } from '@qd/shared/errors';
import { platformsWith } from '@qd/shared/permissions';
import { type Freshness, freshness, type SloListInput, type SloSummary } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { withJson } from '../../../platform/ready-json.ts';
import { type StoredSummary, summariesOf, withAlerts } from '../queries/summaries.ts';

/** Platforms a list shows: those the actor may read, narrowed to one when asked for. Asking for another gives none. */
export function visiblePlatforms(ctx: Pick<Ctx, 'actor'>, platform: string | undefined): '*' | string[] {
  const allowed = platformsWith(ctx.actor.grants, 'slo:read');
  if (platform === undefined) return allowed;
  return allowed === '*' || allowed.includes(platform) ? [platform] : [];
}

/**
 * The list rows the actor may see, by platform and name, and the moment they speak of. Whoever only sends them on is
 * given the text that was stored, and it is parsed for nobody else.
 */
export async function listSlos(ctx: Ctx, input: SloListInput): Promise<{ readonly rows: SloSummary[]; asOf: number }> {
  const nowMs = ctx.now().getTime();
  const stored = await summariesOf(ctx.db, visiblePlatforms(ctx, input.platform));
  const asOf = stored.reduce((newest, { writtenAt }) => Math.max(newest, writtenAt.getTime()), 0) || nowMs;
  const text = `[${stored.map((row) => textOf(row, nowMs)).join(',')}]`;
  let parsed: SloSummary[] | null = null;
  const list = {
    get rows(): SloSummary[] {
      return (parsed ??= JSON.parse(text) as SloSummary[]);
    },
    asOf,
  };
  return withJson(list, `{"rows":${text},"asOf":${asOf}}`);
}

/** A list row as it reads now: as it was written, unless it grew old or something fires. */
function textOf(row: StoredSummary, nowMs: number): string {
  const { text, alerts, intervalMs } = row;
  if (alerts === null && freshnessNow(row, nowMs) === row.freshness) return text;
  const summary = withAlerts(JSON.parse(text) as SloSummary, alerts);
  return JSON.stringify(aged({ summary, intervalMs }, nowMs));
}

/** One page of the same list, for machines. `cursor` is the id of the last row of the page before. */
export async function pageOfSlos(
  ctx: Ctx,
  input: SloListInput,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ slos: SloSummary[]; nextCursor: string | null; asOf: number }> {
  const { rows, asOf } = await listSlos(ctx, input);
  const from = page.cursor === undefined ? 0 : rows.findIndex((row) => row.id === page.cursor) + 1;
  if (page.cursor !== undefined && from === 0) {
    const message = 'names no objective; begin without one';
    throw new DomainError('invalid', `The cursor ${message}.`, { fields: [{ field: 'cursor', message }] });
  }
  const slos = rows.slice(from, from + page.limit);
  const hasMore = from + page.limit < rows.length;
  return { slos, nextCursor: hasMore ? (slos.at(-1)?.id ?? null) : null, asOf };
}

/**
 * A stored list row as it reads now: should the tick that rewrites it stand still, its data still grow old.
 * Stale stays stale, and what needs fresh data is unknown.
 */
export function aged({ summary, intervalMs }: { summary: SloSummary; intervalMs: number }, nowMs: number): SloSummary {
  const { dataAt } = summary;
  const fresh = freshnessNow({ freshness: summary.freshness, dataAt, intervalMs }, nowMs);
  if (fresh === summary.freshness) return summary;
  if (fresh !== 'stale' || summary.exhaustion.kind === 'already') return { ...summary, freshness: fresh };
  return { ...summary, freshness: fresh, exhaustion: { kind: 'unknown' } };
}

function freshnessNow(
  then: { freshness: Freshness; dataAt: number | null; intervalMs: number },
  nowMs: number,
): Freshness {
  const { dataAt, intervalMs } = then;
  return freshness({ dataAt, now: nowMs, intervalMs, sourceDown: then.freshness === 'stale' });
}
