import type { Tombstone } from '../../../../adapters/tombstones/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { selectKey } from '../../queries/creating.ts';
import { cancelOpenClaim, selectOpenClaims } from '../../queries/drawn-claims.ts';
import { endKey, setQuarantine } from '../../queries/ending.ts';
import { selectNotStopped, selectRevived, wasReleased } from '../../queries/stopped.ts';
import type { HeldLedger } from './held-ledger.ts';

const PAGE = 1_000;

/** Revokes keys the ledger knows as ended and the tables do not; gives how many. */
export async function revokeRestored(ctx: Ctx, held: HeldLedger): Promise<number> {
  let again = 0;
  for (const page of pagesOf(held.ended())) {
    const ends = page.map(({ id, kind, at }) => ({ id, endedAt: kind === 'ended' ? new Date(at) : null }));
    const revived = new Set(await selectRevived(ctx.db, ends));
    for (const tombstone of page) if (revived.has(tombstone.id) && (await revokeAgain(ctx, tombstone))) again += 1;
  }
  return again;
}

/** Quarantines keys the ledger knows as quarantined, while the tables let them work and know of no release; gives how many. */
export async function quarantineRestored(ctx: Ctx, held: HeldLedger): Promise<number> {
  let again = 0;
  const open = new Map(held.quarantined().map((quarantine) => [quarantine.id, quarantine]));
  for (const page of pagesOf([...open.values()])) {
    const ids = page.map(({ id }) => id);
    const working = new Set(await selectNotStopped(ctx.db, ids));
    for (const tombstone of page.filter(({ id }) => working.has(id))) {
      // A release another replica has not noted yet, or noted in a ledger of its own.
      const released = await wasReleased(ctx.db, { id: tombstone.id, quarantinedAt: new Date(tombstone.at) });
      if (released) await held.add([{ ...tombstone, kind: 'released' }]);
      else if (await quarantineAgain(ctx, tombstone)) again += 1;
    }
  }
  return again;
}

/** Cancels links the ledger knows as used, while by the tables they would draw another key; gives how many. */
export async function cancelRestoredClaims(ctx: Ctx, held: HeldLedger): Promise<number> {
  let again = 0;
  for (const page of pagesOf(held.drawn())) {
    const ids = page.map(({ id }) => id);
    for (const id of await selectOpenClaims(ctx.db, ids)) if (await cancelAgain(ctx, id)) again += 1;
  }
  return again;
}

/** Cancels a link that was used before; false when it is over by now. */
async function cancelAgain(ctx: Ctx, id: string): Promise<boolean> {
  const reason = 'The link was used before; a restored database had opened it again.';
  return write(ctx, async (tx, record) => {
    const claim = await cancelOpenClaim(tx, id, ctx.now());
    const key = claim === null ? null : await selectKey(tx, claim.keyId);
    record({
      ...entryOf(key, { id: claim?.keyId ?? id, reason }),
      action: 'api-keys.claim_cancelled_again',
      level: 'warning',
      details: { name: key?.name ?? null, claim: id, recipient: claim?.recipientEmail ?? null, reason },
    });
    return claim !== null;
  });
}

/** Revokes a key the ledger knows as ended; false when it is revoked by now. */
async function revokeAgain(ctx: Ctx, { id, kind, at }: Tombstone): Promise<boolean> {
  const was = kind === 'ended' ? 'It had ended with a rotation' : 'It was revoked before';
  const reason = `${was}; a restored database had brought it back.`;
  const end = { at: new Date(at), reason, by: null };
  return write(ctx, async (tx, record) => {
    const key = await lockKey(tx, id);
    const isLive = key !== null && key.revokedAt === null;
    if (isLive) await endKey(tx, id, end);
    record({
      ...entryOf(key, { id, reason }),
      action: 'api-keys.revoked_again',
      before: { revokedAt: key?.revokedAt ?? null },
      after: { revokedAt: end.at },
    });
    return isLive;
  });
}

/** Stops a key the ledger knows as quarantined, until it is released; false when it is stopped by now. */
async function quarantineAgain(ctx: Ctx, { id, at }: Tombstone): Promise<boolean> {
  const reason = 'It was quarantined before; a restored database had let it work again.';
  const end = { at: new Date(at), reason, by: null };
  return write(ctx, async (tx, record) => {
    const key = await lockKey(tx, id);
    const isLive = key !== null && key.revokedAt === null && key.quarantinedAt === null;
    if (isLive) await setQuarantine(tx, id, end);
    record({
      ...entryOf(key, { id, reason }),
      action: 'api-keys.quarantined_again',
      before: { quarantinedAt: key?.quarantinedAt ?? null },
      after: { quarantinedAt: end.at },
    });
    return isLive;
  });
}

function entryOf(key: KeyRow | null, { id, reason }: { id: string; reason: string }): Omit<AuditEntry, 'action'> {
  return {
    category: 'api-keys',
    level: 'critical',
    platform: key === null || key.platform === '*' ? null : key.platform,
    target: { kind: 'api-key', id },
    details: { name: key?.name ?? null, reason },
  };
}

function* pagesOf<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
}
