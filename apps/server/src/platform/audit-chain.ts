import { createHash, randomBytes } from 'node:crypto';
import {
  canonicalRow,
  logText,
  toJsonObject,
  type AuditFacts,
  type AuditLevel,
  type AuditStatus,
} from '@qd/shared/audit';
import { eq } from 'drizzle-orm';
import type { Tx } from '../db/client.ts';
import { auditEvents, auditHead } from '../db/schema/index.ts';
import type { Actor } from './context.ts';

/** What a verb says about its change; who, when and where from come from the context. */
export interface AuditEntry {
  /** `feature.verb`, e.g. `users.signed_in`. */
  action: `${string}.${string}`;
  category: string;
  level?: AuditLevel;
  status?: AuditStatus;
  platform?: string | null;
  target?: { kind: string; id: string };
  details?: object;
  before?: object | null;
  after?: object | null;
}

/** Name of the one row in `audit_head`. */
export const CHAIN = 'main';

/** The hash before the first row. */
export const genesisHash: Uint8Array = new Uint8Array(32);

/** Hash of a row: SHA-256 of the previous hash and the canonical text of the row. */
export function rowHash(prevHash: Uint8Array, facts: AuditFacts): Uint8Array {
  return createHash('sha256').update(prevHash).update(canonicalRow(facts), 'utf8').digest();
}

/** Who wrote, when, and for which request. */
export interface AuditStamp {
  actor: Actor;
  at: Date;
  requestId: string;
}

/**
 * Appends entries to the chain inside the caller's transaction. The head row stays locked until that transaction ends,
 * so this is its last act: whoever waits for the head waits for no other row.
 */
export async function appendToChain(tx: Tx, entries: readonly AuditEntry[], stamp: AuditStamp): Promise<void> {
  const head = await lockHead(tx);
  let { seq, hash } = head;
  const rows = entries.map((entry) => {
    const facts = factsOf(entry, stamp, seq + 1);
    const prevHash = hash;
    hash = rowHash(prevHash, facts);
    seq = facts.seq;
    return toColumns(facts, prevHash, hash);
  });
  await tx.insert(auditEvents).values(rows);
  await tx.update(auditHead).set({ seq, hash }).where(eq(auditHead.id, CHAIN));
}

async function lockHead(tx: Tx): Promise<{ seq: number; hash: Uint8Array }> {
  const locked = await selectHead(tx);
  if (locked) return locked;
  await tx.insert(auditHead).values({ id: CHAIN, seq: 0, hash: genesisHash }).onConflictDoNothing();
  const created = await selectHead(tx);
  if (!created) throw new Error('the head of the audit chain cannot be created');
  return created;
}

async function selectHead(tx: Tx): Promise<{ seq: number; hash: Uint8Array } | undefined> {
  const [row] = await tx
    .select({ seq: auditHead.seq, hash: auditHead.hash })
    .from(auditHead)
    .where(eq(auditHead.id, CHAIN))
    .for('update');
  return row;
}

function factsOf(entry: AuditEntry, stamp: AuditStamp, seq: number): AuditFacts {
  const { actor } = stamp;
  return {
    seq,
    event_id: randomBytes(8).toString('hex'),
    timestamp: stamp.at.toISOString(),
    level: entry.level ?? (entry.status === 'denied' ? 'warning' : 'info'),
    category: logText(entry.category, 100),
    action: logText(entry.action, 200),
    status: entry.status ?? 'success',
    actor_kind: actor.kind,
    user_id: short(actor.id),
    user_email: short(actor.email),
    user_role: short(actor.role),
    ip_address: short(actor.address),
    request_id: logText(stamp.requestId, 200),
    platform: short(entry.platform),
    target: entry.target ? { kind: logText(entry.target.kind, 100), id: logText(entry.target.id, 300) } : null,
    details: toJsonObject(entry.details ?? {}),
    before: entry.before ? toJsonObject(entry.before) : null,
    after: entry.after ? toJsonObject(entry.after) : null,
    ...impersonated(actor.impersonatorId ?? null),
  };
}

/** The field is there only where somebody acted in another's name: rows without it hash as they always did. */
function impersonated(id: string | null): { impersonator_id?: string } {
  return id === null ? {} : { impersonator_id: logText(id, 320) };
}

function short(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : logText(text, 320);
}

function toColumns(facts: AuditFacts, prevHash: Uint8Array, hash: Uint8Array): typeof auditEvents.$inferInsert {
  return {
    seq: facts.seq,
    eventId: facts.event_id,
    timestamp: new Date(facts.timestamp),
    level: facts.level,
    category: facts.category,
    action: facts.action,
    status: facts.status,
    actorKind: facts.actor_kind,
    userId: facts.user_id,
    userEmail: facts.user_email,
    userRole: facts.user_role,
    ipAddress: facts.ip_address,
    requestId: facts.request_id,
    platform: facts.platform,
    targetKind: facts.target?.kind ?? null,
    targetId: facts.target?.id ?? null,
    details: facts.details,
    before: facts.before,
    after: facts.after,
    impersonatorId: facts.impersonator_id ?? null,
    prevHash,
    hash,
  };
}

/** The facts of a stored row, exactly as they were hashed. */
export function factsOfRow(row: typeof auditEvents.$inferSelect): AuditFacts {
  return {
    seq: row.seq,
    event_id: row.eventId,
    timestamp: row.timestamp.toISOString(),
    level: row.level,
    category: row.category,
    action: row.action,
    status: row.status,
    actor_kind: row.actorKind,
    user_id: row.userId,
    user_email: row.userEmail,
    user_role: row.userRole,
    ip_address: row.ipAddress,
    request_id: row.requestId,
    platform: row.platform,
    target: row.targetKind === null ? null : { kind: row.targetKind, id: row.targetId ?? '' },
    details: storedJson(row.details),
    before: row.before === null ? null : storedJson(row.before),
    after: row.after === null ? null : storedJson(row.after),
    ...impersonated(row.impersonatorId),
  };
}

/** Values read from jsonb are JSON by construction; the column type only says "object". */
function storedJson(value: Record<string, unknown>): AuditFacts['details'] {
  return value as AuditFacts['details'];
}
