import { verifyKeyInput } from '@qd/shared/api-keys';
import { Router } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import type { Keys } from './service/verifier.ts';
import { verifyForPlatform } from './service/verify/for-platform.ts';

const PROBLEM = 'application/problem+json';

/** `POST /v1/keys/verify` for platforms. Mount under `/api`. */
export function createKeysHttp(door: MachineDoor, keys: Keys): Router {
  const router = Router();
  router.post(
    '/v1/keys/verify',
    machineCall(door, {
      action: 'api-keys.verify',
      permission: 'keys:verify',
      maxBody: '4kb',
      run: async (ctx, req) => {
        const answer = await verifyForPlatform(ctx, keys, verifyKeyInput.parse(req.body));
        if (answer.valid) return { body: answer };
        const { retryAfterSeconds, ...refused } = answer;
        const headers: Record<string, string> =
          retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
        return { status: refused.status, body: JSON.stringify(refused), type: PROBLEM, headers };
      },
    }),
  );
  return router;
}
