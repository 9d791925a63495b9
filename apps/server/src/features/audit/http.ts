import { auditFilters } from '@qd/shared/audit';
import { Router } from 'express';
import { z } from 'zod';
import { stepUpTokenOf } from '../../platform/http-call.ts';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { assertProved } from '../../platform/step-up.ts';
import { exportAudit } from './export.ts';

/** Instants arrive as text, in epoch ms. */
const instant = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((text) => (typeof text === 'string' && text.trim() !== '' ? Number(text) : text), schema);

const exportQuery = auditFilters.extend({
  from: instant(auditFilters.shape.from),
  to: instant(auditFilters.shape.to),
  format: z.enum(['csv', 'jsonl'], { error: 'is csv or jsonl' }).default('csv'),
});

/** `GET /audit/export`: the log as a file, for whoever proved that it is them. Mount at the root. */
export function createAuditHttp(door: MachineDoor): Router {
  const router = Router();
  router.get(
    '/audit/export',
    machineCall(door, {
      action: 'audit.export',
      permission: 'audit:export',
      run: async (ctx, req) => {
        const input = exportQuery.parse(req.query);
        await assertProved(ctx, { path: 'audit.export', input }, stepUpTokenOf(req));
        const { format, ...filters } = input;
        return { file: await exportAudit(ctx, { format, filters }) };
      },
    }),
  );
  return router;
}
