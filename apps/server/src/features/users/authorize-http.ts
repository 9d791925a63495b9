import { authorizeInput } from '@qd/shared/users';
import { Router } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { authorize } from './service/directory/authorize.ts';

/** `POST /v1/authorize` for platforms. Mount under `/api`. */
export function createAuthorizeHttp(door: MachineDoor): Router {
  const router = Router();
  router.post(
    '/v1/authorize',
    machineCall(door, {
      action: 'users.authorize',
      permission: 'users:authorize',
      maxBody: '4kb',
      run: async (ctx, req) => ({ body: await authorize(ctx, authorizeInput.parse(req.body)) }),
    }),
  );
  return router;
}
