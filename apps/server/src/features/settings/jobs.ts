import { DAY_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { Ctx } from '../../platform/context.ts';
import type { JobDefinition } from '../../platform/jobs.ts';
import { type Delivery, deliverDue, thinNotifications } from '../../platform/outbox-delivery.ts';
import { tellCalls } from './demo-keys/tell.ts';
import { advanceDemoIncidents, retellDemo, type DemoDeps } from './demo.ts';

/**
 * Keeps the demo's story going, tells it again when it has grown old, and tidies the embedded store, which does not
 * do so by itself. Sends what every feature queued.
 */
export function createSettingsJobs(
  deps: DemoDeps,
  after: { tidy(): Promise<void>; onRetold(ctx: Ctx): Promise<void> },
  delivery: Delivery,
): JobDefinition[] {
  return [
    {
      name: 'settings.send_notifications',
      everyMs: 5 * SECOND_MS,
      run: async (ctx) => void (await deliverDue(ctx, delivery)),
    },
    { name: 'settings.thin_notifications', everyMs: DAY_MS, run: (ctx) => thinNotifications(ctx) },
    { name: 'settings.tidy', everyMs: DAY_MS, run: () => after.tidy() },
    // More often than by the minute: the minute that has just passed belongs to the pace screens show.
    { name: 'settings.demo_calls', everyMs: 10 * SECOND_MS, run: (ctx) => tellCalls(ctx) },
    {
      name: 'settings.demo_story',
      everyMs: MINUTE_MS,
      async run(ctx) {
        if (!(await retellDemo(ctx, deps))) {
          await advanceDemoIncidents(ctx, deps);
          return;
        }
        await after.onRetold(ctx);
        await after.tidy();
      },
    },
  ];
}
