import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { Ctx } from '../../platform/context.ts';
import type { JobDefinition } from '../../platform/jobs.ts';
import type { ApiKeysDeps } from './service/deps.ts';
import { forgetProbes } from './service/revocation/view.ts';
import { finishRotations } from './service/rotation/finish.ts';
import { sendDueNotices } from './service/rotation/notices.ts';
import { foldUsage } from './service/usage/fold.ts';
import type { Keys } from './service/verifier.ts';

/** Stores how keys were used, in every replica, and folds what was stored. */
export function createApiKeysJobs(keys: Keys, deps: Pick<ApiKeysDeps, 'sealing' | 'tombstones'>): JobDefinition[] {
  // What has ended has so by the clock keys are judged by, which is the database's.
  const timed = (ctx: Ctx): Ctx => ({ ...ctx, now: () => keys.now() });
  return [
    { name: 'api-keys.flush-usage', everyMs: 10 * SECOND_MS, perReplica: true, run: () => keys.flushUsage() },
    { name: 'api-keys.compare-clock', everyMs: 10 * SECOND_MS, perReplica: true, run: () => keys.compareClock() },
    {
      name: 'api-keys.finish_rotations',
      everyMs: MINUTE_MS,
      run: async (ctx) => void (await finishRotations(timed(ctx))),
    },
    {
      name: 'api-keys.send_notices',
      everyMs: 3 * MINUTE_MS,
      run: async (ctx) => void (await sendDueNotices(ctx, deps)),
    },
    {
      name: 'api-keys.keep_tombstones',
      everyMs: MINUTE_MS,
      perReplica: true,
      run: (ctx) => deps.tombstones.keep(timed(ctx)),
    },
    { name: 'api-keys.forget_probes', everyMs: HOUR_MS, run: (ctx) => forgetProbes(ctx) },
    { name: 'api-keys.fold_usage', everyMs: HOUR_MS, run: (ctx) => foldUsage(ctx) },
  ];
}
