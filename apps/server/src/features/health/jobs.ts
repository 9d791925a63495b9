import { SECOND_MS } from '@qd/shared/time';
import type { JobDefinition } from '../../platform/jobs.ts';
import type { Telemetry } from '../../platform/telemetry.ts';
import { briefHealth, type HealthDeps } from './service.ts';

/** Knocks on the stores, so that their state is measured and told to open pages when it changes. */
export function createHealthJobs(
  deps: HealthDeps,
  telemetry: Pick<Telemetry, 'databaseUp' | 'cacheUp' | 'ledgerKeys'>,
): JobDefinition[] {
  let before = '';
  return [
    {
      name: 'health.observe',
      everyMs: 10 * SECOND_MS,
      perReplica: true,
      async run(ctx) {
        const { body } = await briefHealth(deps, ctx.now());
        telemetry.databaseUp.set(body.database === 'connected' ? 1 : 0);
        telemetry.cacheUp.set(body.cache === 'available' ? 1 : 0);
        const { ended, unwritten } = deps.ledger();
        telemetry.ledgerKeys.set({ state: 'ended' }, ended);
        telemetry.ledgerKeys.set({ state: 'unwritten' }, unwritten);
        const now = `${body.database} ${body.cache}`;
        if (before !== '' && now !== before) ctx.hub.publish('health');
        before = now;
      },
    },
  ];
}
