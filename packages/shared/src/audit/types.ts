import type { JsonObject } from './json.ts';

export const auditLevels = ['info', 'warning', 'critical'] as const;
export type AuditLevel = (typeof auditLevels)[number];

export const auditStatuses = ['success', 'denied', 'failure'] as const;
export type AuditStatus = (typeof auditStatuses)[number];

/** Characters of a text that is looked for: shorter ones are in nearly every row, and no index knows them. */
export const MIN_TEXT_LENGTH = 3;

export const auditActorKinds = ['user', 'key', 'system', 'cli', 'anonymous'] as const;
export type AuditActorKind = (typeof auditActorKinds)[number];

/** Everything of an audit row that its hash covers. Names follow the HashInsight manual (§6.5) where it has one. */
export interface AuditFacts {
  /** Place in the chain: 1, 2, 3 … without a gap. */
  seq: number;
  event_id: string;
  /** ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  level: AuditLevel;
  category: string;
  /** `feature.verb`, e.g. `users.signed_in`. */
  action: string;
  status: AuditStatus;
  actor_kind: AuditActorKind;
  user_id: string | null;
  user_email: string | null;
  user_role: string | null;
  ip_address: string | null;
  request_id: string;
  platform: string | null;
  target: { kind: string; id: string } | null;
  details: JsonObject;
  before: JsonObject | null;
  after: JsonObject | null;
  /** Who acted in the person's name; absent when nobody did. Rows without it hash as they did before it existed. */
  impersonator_id?: string;
}

/** One row of the audit log as it is shown and exported. Hashes are lower-case hex of SHA-256. */
export interface AuditRow extends AuditFacts {
  prev_hash: string;
  hash: string;
}

/** What a walk over the chain found; `brokenSeq` is the first row that does not fit. */
export interface AuditVerdict {
  ok: boolean;
  /** Rows checked. */
  rows: number;
  /** Signed checkpoints the chain was compared with; absent where there was nothing to compare with. */
  checkpoints?: number;
  brokenSeq: number | null;
  /** One sentence: what does not fit, or what was proved. */
  reason: string;
}

/** A signed statement of where the chain stood. Instants are epoch ms. */
export interface AuditCheckpointView {
  /** Last row it covers. */
  seq: number;
  /** Hash of that row, hex. */
  hash: string;
  keyId: string;
  createdAt: number;
  /** When it was written outside the database; null while that is still to come. */
  writtenAt: number | null;
}

/** What verifying elsewhere needs to know. */
export interface AuditKeeperView {
  /** Verifier key for `qd audit verify FILE --key`; null before the first checkpoint. */
  publicKey: string | null;
  /** Where checkpoints and archives are written. */
  place: string;
}

/** A part of the log archived outside. Instants are epoch ms. */
export interface AuditSegmentView {
  fromSeq: number;
  toSeq: number;
  /** Hash of the last row, hex. */
  hash: string;
  place: string;
  /** SHA-256 of the archive, hex. */
  sha256: string;
  rowCount: number;
  createdAt: number;
  verifiedAt: number | null;
  prunedAt: number | null;
}

/** What archiving did. */
export interface ArchiveAnswer {
  segments: AuditSegmentView[];
  rows: number;
}
