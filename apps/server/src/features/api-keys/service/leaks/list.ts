import { keyState } from '@qd/shared/api-keys';
import type { LeakHitsInput, LeakHitView, LeakReportView } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import {
  selectCallsSince,
  selectLeakCounts,
  selectLeakHits,
  selectLeakReport,
  selectLeakReports,
  type CallsSince,
  type LeakHitRow,
  type LeakReportRow,
} from '../../queries/leaks.ts';
import { standingOf } from '../standing.ts';

type Reader = Pick<Ctx, 'db' | 'actor' | 'now'>;

const SHOWN_CALLERS = 5;
/** Keys of a report that come with it; further ones are asked for. */
const SHOWN_HITS = 20;

/** Reports the caller may see, newest first, with the keys of their platforms that were found. */
export async function listLeaks(
  ctx: Reader,
  input: { cursor?: string | undefined; limit: number },
): Promise<Page<LeakReportView>> {
  const found = await selectLeakReports(ctx.db, {
    platforms: platformsWith(ctx.actor.grants, 'api-keys:read'),
    userId: ctx.actor.id,
    before: input.cursor === undefined ? null : readCursor(input.cursor),
    limit: input.limit,
  });
  const page = found.slice(0, input.limit);
  const last = page.at(-1)?.report;
  const isMore = found.length > input.limit && last !== undefined;
  return {
    rows: await viewsOf(ctx, page),
    nextCursor: isMore ? `${last.reportedAt.getTime()}.${last.id}` : null,
  };
}

/** One report. Throws `not_found` where the caller may see neither it nor any key that was found. */
export async function leakReport(ctx: Reader, id: string): Promise<LeakReportView> {
  const [view] = await viewsOf(ctx, [await visibleReport(ctx, id)]);
  if (view === undefined) throw new Error('one report has one view');
  return view;
}

/** The keys of one report after those that came with it, by name. Throws `not_found` as `leakReport` does. */
export async function leakHits(ctx: Reader, input: LeakHitsInput): Promise<Page<LeakHitView>> {
  const { report } = await visibleReport(ctx, input.reportId);
  const found = await selectLeakHits(ctx.db, {
    reportIds: [report.id],
    platforms: platformsWith(ctx.actor.grants, 'api-keys:read'),
    afterKeyId: input.cursor ?? null,
    limit: input.limit,
  });
  const { rows, cursor } = pageOf(found, input.limit);
  const since = new Map([[report.id, usageSince(report)]]);
  return { rows: await hitViews(ctx, rows, since), nextCursor: cursor };
}

async function visibleReport(ctx: Reader, id: string): Promise<{ report: LeakReportRow; reporter: string | null }> {
  const found = await selectLeakReport(ctx.db, id);
  const platforms = platformsWith(ctx.actor.grants, 'api-keys:read');
  const isOwn = found?.report.reportedBy != null && found.report.reportedBy === ctx.actor.id;
  const counts = await selectLeakCounts(ctx.db, { reportIds: [id], platforms, now: ctx.now() });
  if (found === null || !(isOwn || platforms === '*' || counts.has(id))) {
    throw new DomainError('not_found', 'There is no such report; check the address.');
  }
  return found;
}

async function viewsOf(
  ctx: Reader,
  found: readonly { report: LeakReportRow; reporter: string | null }[],
): Promise<LeakReportView[]> {
  const reportIds = found.map(({ report }) => report.id);
  const of = { reportIds, platforms: platformsWith(ctx.actor.grants, 'api-keys:read') };
  const all = await selectLeakHits(ctx.db, { ...of, afterKeyId: null, limit: SHOWN_HITS });
  const counts = await selectLeakCounts(ctx.db, { ...of, now: ctx.now() });
  const pages = new Map(
    reportIds.map((id) => [
      id,
      pageOf(
        all.filter((hit) => hit.reportId === id),
        SHOWN_HITS,
      ),
    ]),
  );
  const since = new Map(found.map(({ report }) => [report.id, usageSince(report)]));
  const shown = [...pages.values()].flatMap(({ rows }) => rows);
  const views = await hitViews(ctx, shown, since);
  return found.map(({ report, reporter }) => {
    const { id, source, place, characters, candidates, reportedAt } = report;
    return {
      id,
      source,
      place,
      characters,
      candidates,
      leakedAt: report.leakedAt?.getTime() ?? null,
      reportedBy: reporter,
      reportedAt: reportedAt.getTime(),
      usageSince: usageSince(report).getTime(),
      counts: counts.get(id) ?? { found: 0, stopped: 0, working: 0 },
      hits: views.filter((_, i) => shown[i]?.reportId === id),
      hitsCursor: pages.get(id)?.cursor ?? null,
    };
  });
}

/** The hits in their order, with who called since the text of each lay there. */
async function hitViews(
  ctx: Reader,
  hits: readonly LeakHitRow[],
  since: ReadonlyMap<string, Date>,
): Promise<LeakHitView[]> {
  const sinceOf = ({ reportId }: LeakHitRow): Date => since.get(reportId) ?? ctx.now();
  const asked = hits.map((hit) => ({ keyId: hit.key.id, since: sinceOf(hit) }));
  const calls = await selectCallsSince(ctx.db, distinct(asked), SHOWN_CALLERS);
  return hits.map((hit) => hitView(hit, ctx.now(), callsOf(calls, hit.key.id, sinceOf(hit).getTime())));
}

function pageOf(found: readonly LeakHitRow[], limit: number): { rows: LeakHitRow[]; cursor: string | null } {
  const rows = found.slice(0, limit);
  return { rows, cursor: found.length > limit ? (rows.at(-1)?.key.id ?? null) : null };
}

function callsOf(calls: readonly CallsSince[], keyId: string, sinceMs: number): CallsSince[] {
  return calls.filter((call) => call.keyId === keyId && Math.abs(call.sinceMs - sinceMs) < 1);
}

function hitView({ key, owner, action }: LeakHitRow, now: Date, calls: readonly CallsSince[]): LeakHitView {
  const { id, name, platform, environment } = key;
  return {
    keyId: id,
    name,
    platform,
    environment,
    action,
    state: keyState(standingOf(key, owner?.state ?? null), now.getTime()),
    callsSince: calls[0]?.total ?? 0,
    callers: calls.map(({ address, agent, calls: count, lastMs }) => ({
      address,
      agent,
      calls: count,
      lastAt: Math.round(lastMs),
    })),
  };
}

/** Since when calls with a leaked key are of interest: the leak, or a day before it was reported. */
function usageSince({ leakedAt, reportedAt }: LeakReportRow): Date {
  return leakedAt ?? new Date(reportedAt.getTime() - DAY_MS);
}

function distinct(asked: readonly { keyId: string; since: Date }[]): { keyId: string; since: Date }[] {
  return [...new Map(asked.map((a) => [`${a.keyId} ${a.since.getTime()}`, a])).values()];
}

function readCursor(cursor: string): { at: Date; id: string } {
  const [, ms, id] = /^(\d{1,15})\.(klr_[A-Za-z0-9_-]{1,40})$/.exec(cursor) ?? [];
  if (ms === undefined || id === undefined)
    throw new DomainError('invalid', 'This is no marker of this list; load it again.');
  return { at: new Date(Number(ms)), id };
}
