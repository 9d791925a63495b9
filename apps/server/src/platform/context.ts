import type { ApprovalRule } from '@qd/shared/approvals';
import type { GrantScope } from '@qd/shared/permissions';
import type { Logger } from 'pino';
import type { ReadDb } from '../db/client.ts';
import type { Hub } from './hub.ts';

/** Who acts: a signed-in person, a machine's key, the command line, or the console itself. */
export interface Actor {
  kind: 'user' | 'key' | 'system' | 'cli' | 'anonymous';
  id: string | null;
  email: string | null;
  name: string;
  /** Titles for the log; access is decided by `grants` alone. */
  role: string | null;
  grants: readonly GrantScope[];
  sessionId: string | null;
  address: string | null;
  /** Assurance level of the session (NIST SP 800-63B): 2 after two factors or a passkey. Only of people who signed in. */
  assurance?: 1 | 2;
  /** Instant (epoch ms) by which the person must have a second factor; null when none is missing. */
  enrolBy?: number | null;
  /** True when that instant is past: `grants` is then empty, and setting a factor up is all that is left. */
  mustEnrol?: boolean;
  /** Who acts in this person's name, where somebody does. */
  impersonatorId?: string | null;
}

/** The request for approval an act is carried out for. */
export interface ApprovedAct {
  id: string;
  kind: string;
  /** SHA-256 of the canonical text of kind and params: what was agreed to. */
  paramsHash: Uint8Array;
  /** Platform those who agreed held their permission on; null: all platforms. */
  platform: string | null;
  rules: readonly ApprovalRule[];
}

/** What every verb gets. `db` reads; changes go through `write()` or `ingest()`. */
export interface Ctx {
  db: ReadDb;
  hub: Hub;
  actor: Actor;
  now(): Date;
  requestId: string;
  log: Logger;
  /** Set while an approved request is carried out; see `needsApproval`. */
  approved?: ApprovedAct | undefined;
}
