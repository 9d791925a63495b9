import type { Db, ReadDb, Tx } from '../db/client.ts';
import { appendToChain, type AuditEntry } from './audit-chain.ts';
import type { Ctx } from './context.ts';

export type { AuditEntry } from './audit-chain.ts';

/** What writing needs of the context. */
export type WriteCtx = Pick<Ctx, 'db' | 'hub' | 'actor' | 'now' | 'requestId'>;

/**
 * Runs a change and its audit entries in one transaction and gives what `fn` returns.
 * Throws, and rolls everything back, when `fn` throws or recorded nothing. Publish the
 * topics it changed after it returned; `audit` is published here.
 */
export async function write<T>(
  ctx: WriteCtx,
  fn: (tx: Tx, record: (entry: AuditEntry) => void) => Promise<T>,
): Promise<T> {
  const done = await writable(ctx.db).transaction(async (tx) => {
    const entries: AuditEntry[] = [];
    const result = await fn(tx, (entry) => entries.push(entry));
    if (entries.length === 0) throw new Error('a change must be recorded: call record() at least once');
    await appendToChain(tx, entries, { actor: ctx.actor, at: ctx.now(), requestId: ctx.requestId });
    return result;
  });
  ctx.hub.publish('audit');
  return done;
}

/** Stores machine samples in one transaction, without an audit entry. Human acts never come this way. */
export async function ingest<T>(ctx: Pick<Ctx, 'db'>, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return writable(ctx.db).transaction(fn);
}

/** Records an attempt that was refused, in a transaction of its own: nothing else changed. */
export async function recordDenied(ctx: WriteCtx, entry: Omit<AuditEntry, 'status'>): Promise<void> {
  await write(ctx, async (_tx, record) => record({ ...entry, status: 'denied' }));
}

/** The container puts the whole database into every context; its type there hides writing from everyone but this file. */
function writable(db: ReadDb): Db {
  return db as Db;
}
