import { Router } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { recordDeploy } from './service.ts';

/** `POST /v1/deploys` for machines. Mount under `/api`. */
export function createChangesHttp(door: MachineDoor): Router {
  const router = Router();
  router.post(
    '/v1/deploys',
    machineCall(door, {
      action: 'changes.deploy_recorded',
      permission: 'changes:write',
      maxBody: '16kb',
      run: async (ctx, req) => {
        const recorded = await recordDeploy(ctx, req.body);
        return { status: recorded.created ? 201 : 200, body: recorded };
      },
    }),
  );
  return router;
}
