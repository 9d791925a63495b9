import {
  SCOPE_USE_DAYS,
  type KeyDetail,
  type KeyListRow,
  type KeyUsageInput,
  type KeyUsageView,
  type ScopeUseView,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { selectConsumers } from '../../queries/consumers.ts';
import { selectKeyDetail } from '../../queries/detail.ts';
import { selectKeyRows, selectLineage } from '../../queries/list.ts';
import { selectCalls, selectScopeUse, type CountedCalls } from '../../queries/usage-reads.ts';
import { consumerOf } from '../rotation/callers.ts';
import { SPAN_MS } from '../usage/tally.ts';
import { readScope, type ReadCtx } from './list.ts';
import { barOf, keyRows } from './rows.ts';

const LINEAGE = 20;
const CALLERS = 50;
const MOST_COUNTS = 2_000;
/** From here on usage is kept by day. */
const FINE_HOURS = 48;

/** Everything of one key but its use and its secret. Throws `not_found` for keys of platforms the reader does not see. */
export async function keyDetail(ctx: ReadCtx, id: string): Promise<KeyDetail> {
  const { row, policyOf } = await seenKey(ctx, id);
  const detail = await selectKeyDetail(ctx.db, id);
  if (detail === null) throw notFound();
  const { rotation, overlapDays } = policyOf(row.platform);
  const { scopes, ipAllow, createdByName, pepperVersion, lineageId } = detail;
  const lineage = await selectLineage(ctx.db, lineageId, ctx.now(), LINEAGE);
  return {
    ...row,
    scopeNames: scopes,
    ipAllow,
    createdByName,
    pepperVersion,
    policy: { rotation, overlapDays },
    lineage: lineage.map(barOf),
  };
}

/** Who called with a key in the last hours, the busiest first, and with what outcome. Throws `not_found`. */
export async function keyUsage(ctx: ReadCtx, { id, hours }: KeyUsageInput): Promise<KeyUsageView> {
  await seenKey(ctx, id);
  const now = ctx.now().getTime();
  const spanMs = hours > FINE_HOURS ? DAY_MS : SPAN_MS;
  const fromAt = Math.floor((now - hours * HOUR_MS) / spanMs) * spanMs;
  const counted = await selectCalls(ctx.db, { keyId: id, since: new Date(fromAt), limit: MOST_COUNTS });
  const lineageId = (await selectKeyDetail(ctx.db, id))?.lineageId ?? id;
  const consumers = await selectConsumers(ctx.db, lineageId);
  const callers = [...Map.groupBy(counted, ({ address, agent }) => JSON.stringify([address, agent])).values()]
    .flatMap((own) => callerOf(own))
    .toSorted((a, b) => b.calls - a.calls);
  return {
    fromAt,
    asOf: now,
    calls: sumOf(counted),
    refused: sumOf(counted.filter(({ outcome }) => outcome !== 'ok')),
    callers: callers
      .slice(0, CALLERS)
      .map((caller) => ({ ...caller, consumer: consumerOf(consumers, caller)?.name ?? null })),
    moreCallers: Math.max(0, callers.length - CALLERS),
    outcomes: [...Map.groupBy(counted, ({ outcome }) => outcome)]
      .map(([outcome, own]) => ({ outcome, calls: sumOf(own) }))
      .toSorted((a, b) => b.calls - a.calls),
  };
}

function callerOf(own: readonly CountedCalls[]) {
  const [first] = own;
  if (first === undefined) return [];
  const { address, agent } = first;
  const refused = sumOf(own.filter(({ outcome }) => outcome !== 'ok'));
  return [{ address, agent, calls: sumOf(own), refused, lastAt: Math.max(...own.map(({ lastMs }) => lastMs)) }];
}

function sumOf(counted: readonly CountedCalls[]): number {
  return counted.reduce((sum, { calls }) => sum + calls, 0);
}

/** Which scopes of a key were used within 30 days, those of no use last. Throws `not_found`. */
export async function keyScopeUse(ctx: ReadCtx, { id }: { id: string }): Promise<ScopeUseView> {
  const { row } = await seenKey(ctx, id);
  const detail = await selectKeyDetail(ctx.db, id);
  const now = ctx.now().getTime();
  const sinceDay = new Date(now - (SCOPE_USE_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const used = new Map((await selectScopeUse(ctx.db, { keyId: id, sinceDay })).map((use) => [use.scope, use]));
  const scopes = (detail?.scopes ?? []).map((scope) => ({
    scope,
    calls: used.get(scope)?.calls ?? 0,
    lastDay: used.get(scope)?.lastDay ?? null,
  }));
  return {
    days: SCOPE_USE_DAYS,
    used: scopes.filter(({ calls }) => calls > 0).length,
    scopes: scopes.toSorted((a, b) => b.calls - a.calls || (a.scope < b.scope ? -1 : 1)),
    isConclusive: row.activatedAt !== null && now - row.activatedAt >= SCOPE_USE_DAYS * DAY_MS,
  };
}

async function seenKey(ctx: ReadCtx, id: string): Promise<{ row: KeyListRow } & Pick<Reader, 'policyOf'>> {
  const { scope, policyOf } = await readScope(ctx);
  const [row] = await keyRows(ctx.db, await selectKeyRows(ctx.db, scope, { id }), { now: scope.now, policyOf });
  if (row === undefined) throw notFound();
  return { row, policyOf };
}

type Reader = Awaited<ReturnType<typeof readScope>>;

function notFound(): DomainError {
  return new DomainError('not_found', 'There is no such key, or it belongs to a platform you cannot see.');
}
