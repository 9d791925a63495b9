import { SECOND_MS } from '@qd/shared/time';
import type { JobDefinition } from '../../platform/jobs.ts';
import { signChain } from './keeping/checkpoints.ts';
import type { AuditDeps } from './keeping/deps.ts';

/** Signs for new rows of the log and writes that outside the database. */
export function createAuditJobs(deps: AuditDeps): JobDefinition[] {
  return [{ name: 'audit.sign', everyMs: 10 * SECOND_MS, run: (ctx) => signChain(ctx, deps) }];
}
