import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { deleteChallengesBefore } from '../../db/queries/challenges.ts';
import { deleteSessionsBefore } from '../../db/queries/sessions.ts';
import type { JobDefinition } from '../../platform/jobs.ts';
import { pruneSignInFailures } from '../../platform/throttle.ts';
import { ingest } from '../../platform/write.ts';
import { deleteDevicesBefore } from './queries/devices.ts';
import { deleteUnconfirmedTotps } from './queries/factors.ts';
import { deleteResetLinksBefore } from './queries/reset-links.ts';
import { tidyImports } from './service/imports/tidy.ts';

const KEEP_SESSIONS_MS = 30 * DAY_MS;
/** As long as browsers keep the cookie that recognises them. */
const KEEP_DEVICES_MS = 400 * DAY_MS;
const KEEP_UNCONFIRMED_MS = DAY_MS;

/** Forgets old failures to sign in, what was never finished, and sessions a month after they ended. */
export function createUsersJobs(): JobDefinition[] {
  return [
    {
      name: 'users.prune',
      everyMs: 10 * MINUTE_MS,
      async run(ctx) {
        await pruneSignInFailures(ctx);
        const ago = (ms: number) => new Date(ctx.now().getTime() - ms);
        await ingest(ctx, async (tx) => {
          await deleteSessionsBefore(tx, ago(KEEP_SESSIONS_MS));
          await deleteChallengesBefore(tx, ago(0));
          await deleteUnconfirmedTotps(tx, ago(KEEP_UNCONFIRMED_MS));
          await deleteDevicesBefore(tx, ago(KEEP_DEVICES_MS));
          await deleteResetLinksBefore(tx, ago(KEEP_SESSIONS_MS));
        });
      },
    },
    {
      name: 'users.tidy_imports',
      everyMs: 10 * MINUTE_MS,
      run: (ctx) => tidyImports(ctx),
    },
  ];
}
