import type { AuditKeeping } from '../../../adapters/audit-keeping/port.ts';
import type { Sealing } from '../../../platform/sealing.ts';

/** What vouching for the log needs besides the context. */
export interface AuditDeps {
  keeping: AuditKeeping;
  sealing: Sealing;
}
