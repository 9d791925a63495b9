import { archiveInput, auditCheckpointsInput, auditListInput, auditSegmentsInput, pruneInput } from '@qd/shared/audit';
import { guarded, router } from '../../platform/trpc.ts';
import { archiveAudit, listSegments } from './keeping/archive.ts';
import { listCheckpoints } from './keeping/checkpoints.ts';
import type { AuditDeps } from './keeping/deps.ts';
import { pruneAudit } from './keeping/prune.ts';
import { listAudit, verifyAudit } from './service.ts';

/** The audit log: newest rows first, proof that nobody touched them, and what becomes of old ones. */
export function createAuditRouter(deps: AuditDeps) {
  return router({
    list: guarded('audit:read')
      .input(auditListInput)
      .query(({ ctx, input }) => listAudit(ctx, input)),
    verify: guarded('audit:verify').mutation(({ ctx }) => verifyAudit(ctx, deps)),
    checkpoints: guarded('audit:verify')
      .input(auditCheckpointsInput)
      .query(({ ctx, input }) => listCheckpoints(ctx, deps, input)),
    segments: guarded('audit:verify')
      .input(auditSegmentsInput)
      .query(({ ctx, input }) => listSegments(ctx, input)),
    archive: guarded('audit:retention', { stepUp: true })
      .input(archiveInput)
      .mutation(({ ctx, input }) => archiveAudit(ctx, deps, input)),
    prune: guarded('audit:retention', { stepUp: true })
      .input(pruneInput)
      .mutation(({ ctx, input }) => pruneAudit(ctx, deps, input)),
  });
}
