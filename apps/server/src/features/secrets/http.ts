import { listSecretsInput } from '@qd/shared/secrets';
import { Router } from 'express';
import { z } from 'zod';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { secretsFile, shownSecrets } from './service/file.ts';

const exportQuery = listSecretsInput
  .pick({ platform: true })
  .extend({ show: z.enum(shownSecrets, { error: `is one of ${shownSecrets.join(', ')}` }).default('all') })
  .strict();

/** `GET /keys/secrets/export`: the register of secrets as a file, without their values. Mount at the root. */
export function createSecretsHttp(door: MachineDoor): Router {
  const router = Router();
  router.get(
    '/keys/secrets/export',
    machineCall(door, {
      action: 'secrets.export',
      permission: 'secrets:read',
      run: async (ctx, req) => ({ file: await secretsFile(ctx, exportQuery.parse(req.query)) }),
    }),
  );
  return router;
}
