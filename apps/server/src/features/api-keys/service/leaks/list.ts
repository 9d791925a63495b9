import { keyState } from '@qd/shared/api-keys';
import type { LeakHitView, LeakReportView } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import {
  selectCallsSince,
  selectLeakHits,
  selectLeakReport,
  selectLeakReports,
  type CallsSince,
  type LeakHitRow,
  type LeakReportRow,
} from '../../queries/leaks.ts';
import { standingOf } from '../standing.ts';
import { mayWith } from '../visible-key.ts';

type Reader = Pick<Ctx, 'db' | 'actor' | 'now'>;

const SHOWN_CALLERS = 5;

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
  const found = await selectLeakReport(ctx.db, id);
  const [view] = found === null ? [] : await viewsOf(ctx, [found]);
  const isOwn = found?.report.reportedBy != null && found.report.reportedBy === ctx.actor.id;
  const seesAll = platformsWith(ctx.actor.grants, 'api-keys:read') === '*';
  if (view === undefined || (view.hits.length === 0 && !isOwn && !seesAll)) {
    throw new DomainError('not_found', 'There is no such report; check the address.');
  }
  return view;
}

async function viewsOf(
  ctx: Reader,
  found: readonly { report: LeakReportRow; reporter: string | null }[],
): Promise<LeakReportView[]> {
  const all = await selectLeakHits(
    ctx.db,
    found.map(({ report }) => report.id),
  );
  const hits = all.filter(({ key }) => mayWith(ctx, key, 'api-keys:read'));
  const since = new Map(found.map(({ report }) => [report.id, usageSince(report)]));
  const asked = hits.map(({ key, reportId }) => ({ keyId: key.id, since: since.get(reportId) ?? ctx.now() }));
  const calls = await selectCallsSince(ctx.db, distinct(asked), SHOWN_CALLERS);
  return found.map(({ report, reporter }) => {
    const { id, source, place, characters, candidates, reportedAt } = report;
    const from = usageSince(report).getTime();
    return {
      id,
      source,
      place,
      characters,
      candidates,
      leakedAt: report.leakedAt?.getTime() ?? null,
      reportedBy: reporter,
      reportedAt: reportedAt.getTime(),
      usageSince: from,
      hits: hits
        .filter((hit) => hit.reportId === id)
        .map((hit) => hitView(hit, ctx.now(), callsOf(calls, hit.key.id, from))),
    };
  });
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
