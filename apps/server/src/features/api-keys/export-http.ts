import { exportKeysInput } from '@qd/shared/api-keys';
import { Router } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { keysFile } from './service/list/file.ts';

/** `GET /keys/export`: keys as a file, without their secrets. Mount at the root. */
export function createKeyExportHttp(door: MachineDoor): Router {
  const router = Router();
  router.get(
    '/keys/export',
    machineCall(door, {
      action: 'api-keys.export',
      permission: 'api-keys:read',
      run: async (ctx, req) => ({ file: await keysFile(ctx, exportKeysInput.parse(req.query)) }),
    }),
  );
  return router;
}
