import {
  defaultKeyPolicy,
  type CountKeysInput,
  type KeyCounts,
  type KeyListRow,
  type KeyPolicyFacts,
  type ListKeyRowsInput,
  type NamedKey,
  rotationDueMs,
  withoutSecrets,
} from '@qd/shared/api-keys';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../../platform/context.ts';
import { countKeys, selectNamed, selectOldestOverdue, type NamedRow } from '../../queries/counts.ts';
import type { KeyScope } from '../../queries/list-where.ts';
import { selectKeyRows } from '../../queries/list.ts';
import { boundsOf, policiesInForce } from './bounds.ts';
import { keyRows } from './rows.ts';

export type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Platforms on which the reader may see keys, with what their policies come to now. */
export async function readScope(
  ctx: ReadCtx,
  platform?: string,
): Promise<{ scope: KeyScope; policies: Map<string, KeyPolicyFacts>; policyOf(platform: string): KeyPolicyFacts }> {
  const now = ctx.now();
  const policies = await policiesInForce(ctx.db);
  const platforms = platformsWith(ctx.actor.grants, 'api-keys:read');
  return {
    scope: { platforms, platform, bounds: boundsOf(policies, now.getTime()), now },
    policies,
    policyOf: (id) => policies.get(id) ?? defaultKeyPolicy(id),
  };
}

/** One page of keys by platform, name and id, on the platforms where the reader may see keys; never their secrets. */
export async function listKeyRows(ctx: ReadCtx, input: ListKeyRowsInput): Promise<Page<KeyListRow>> {
  const { show, platform, limit, cursor } = input;
  const { scope, policyOf } = await readScope(ctx, platform);
  const text = withoutSecrets(input.text ?? '').trim() || null;
  const found = await selectKeyRows(ctx.db, scope, { show, text, afterId: cursor ?? null, limit });
  const page = found.slice(0, limit);
  return {
    rows: await keyRows(ctx.db, page, { now: scope.now, policyOf }),
    nextCursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** How many keys each filter finds, and which are to be named first. */
export async function countKeyRows(ctx: ReadCtx, input: CountKeysInput): Promise<KeyCounts> {
  const { scope, policies, policyOf } = await readScope(ctx, input.platform);
  const counted = await countKeys(ctx.db, scope);
  const overdue = counted.overdue === 0 ? [] : await selectOldestOverdue(ctx.db, scope);
  const due = overdue
    .map(({ id, platform, activatedMs }) => ({ id, at: rotationDueMs(policyOf(platform).rotation, activatedMs) }))
    .toSorted((a, b) => a.at - b.at)[0];
  const { firstRotating, firstExpiring, firstQuarantined } = counted;
  const ids = [due?.id ?? null, firstExpiring, firstQuarantined].filter((id) => id !== null);
  const named = await selectNamed(ctx.db, ids);
  const naming = (id: string | null, at: (row: NamedRow) => number | null) => namedKey(named, id, at);
  const isSeen = (platform: string) => scope.platforms === '*' || scope.platforms.includes(platform);
  return {
    counts: counted.filters,
    live: counted.live,
    usable: counted.usable,
    hasKeys: counted.keys > 0,
    overdue: { count: counted.overdue, first: naming(due?.id ?? null, () => due?.at ?? null) },
    rotating: { count: counted.rotating, first: await namedRotation(ctx, scope, firstRotating, policyOf) },
    expiring: { count: counted.filters.expiring, first: naming(firstExpiring, (row) => row.expiresMs) },
    quarantined: { count: counted.quarantined, first: naming(firstQuarantined, (row) => row.quarantinedMs) },
    policies: Object.fromEntries(
      [...policies]
        .filter(([platform]) => isSeen(platform))
        .map(([platform, { rotation, overlapDays }]) => [platform, { rotation, overlapDays }]),
    ),
  };
}

function namedKey(
  named: ReadonlyMap<string, NamedRow>,
  id: string | null,
  atOf: (row: NamedRow) => number | null,
): NamedKey | null {
  const row = id === null ? undefined : named.get(id);
  const at = row === undefined ? null : atOf(row);
  if (row === undefined || at === null) return null;
  return { id: row.id, name: row.name, platformName: row.platformName ?? 'All platforms', at };
}

async function namedRotation(
  ctx: ReadCtx,
  scope: KeyScope,
  id: string | null,
  policyOf: (platform: string) => KeyPolicyFacts,
): Promise<KeyCounts['rotating']['first']> {
  if (id === null) return null;
  const [row] = await keyRows(ctx.db, await selectKeyRows(ctx.db, scope, { id }), { now: scope.now, policyOf });
  if (row?.stopsAt == null) return null;
  const { name, platformName, consumers, rotation } = row;
  return { id, name, platformName, at: row.stopsAt, consumers, moved: rotation?.moved ?? 0 };
}
