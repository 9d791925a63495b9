import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { Tombstone, TombstoneKind } from '../../../../adapters/tombstones/port.ts';
import type { ReadDb } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { selectDrawnClaims, type DrawnClaimRow } from '../../queries/drawn-claims.ts';
import { selectStopped, type StoppedRow } from '../../queries/stopped.ts';
import type { HeldLedger } from './held-ledger.ts';

const PAGE = 1_000;
/** How far back a later run looks for ends it has not seen, clocks of replicas being what they are. */
const LOOK_BACK_MS = HOUR_MS;
/** From then on no replica takes the end of a rotation for one that may still be put off, whatever its clock. */
const SETTLED_MS = MINUTE_MS;

/** What of a key the ledger keeps. */
export type NotedKey = Pick<StoppedRow, 'id' | 'hash' | 'pepperVersion'>;

/**
 * Adds to the ledger what is stopped in the tables, and which links were used, since the last look (null: ever); gives how many keys it lacked that had been
 * stopped for long. Throws like `HeldLedger.add`.
 */
export async function takeOverStopped(
  { db, now: clock }: Pick<Ctx, 'db' | 'now'>,
  held: HeldLedger,
  lookedSince: Date | null,
): Promise<number> {
  const since = lookedSince === null ? null : new Date(lookedSince.getTime() - LOOK_BACK_MS);
  const now = clock();
  const settledBy = new Date(now.getTime() - SETTLED_MS);
  const lacked = new Set<string>();
  for (let afterId: string | null = ''; afterId !== null;) {
    const page: StoppedRow[] = await selectStopped(db, { since, now, settledBy, afterId, limit: PAGE });
    for (const { id, at } of await held.add(page.flatMap(tombstonesOf))) {
      if (at < now.getTime() - LOOK_BACK_MS) lacked.add(id);
    }
    afterId = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  }
  await takeOverDraws(db, held, since);
  return lacked.size;
}

async function takeOverDraws(db: ReadDb, held: HeldLedger, since: Date | null): Promise<void> {
  for (let afterId: string | null = ''; afterId !== null;) {
    const page: DrawnClaimRow[] = await selectDrawnClaims(db, { since, afterId, limit: PAGE });
    await held.add(
      page.map(({ id, pepperVersion, at }) => tombstoneOf({ id, hash: null, pepperVersion }, 'drawn', at)),
    );
    afterId = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
  }
}

function tombstonesOf(row: StoppedRow): Tombstone[] {
  const { revokedAt, endedAt, quarantinedAt } = row;
  if (revokedAt !== null) return [tombstoneOf(row, 'revoked', revokedAt)];
  return [
    ...(endedAt === null ? [] : [tombstoneOf(row, 'ended', endedAt)]),
    ...(quarantinedAt === null ? [] : [tombstoneOf(row, 'quarantined', quarantinedAt)]),
  ];
}

/** What the ledger says of a key. */
export function tombstoneOf({ id, hash, pepperVersion }: NotedKey, kind: TombstoneKind, at: Date): Tombstone {
  const hex = hash === null ? null : Buffer.from(hash).toString('hex');
  return { id, hash: hex, pepperVersion, kind, at: at.getTime() };
}
