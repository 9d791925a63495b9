import type { AlertEvent } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, SECOND_MS } from '@qd/shared/time';
import type { Ctx } from '../../platform/context.ts';
import type { JobDefinition } from '../../platform/jobs.ts';
import { evaluateAllAlerts, thinAlertEvents } from './service/alerts/evaluate-alerts.ts';
import type { SloDeps } from './service/deps.ts';
import { readSources } from './service/reading/read-sources.ts';
import { refreshOutdated } from './service/summary-memory.ts';
import { thin } from './service/thin.ts';

/** Hears what alerts did, after it was stored and only then; what it throws fails the run, not the alerts. */
export type OnAlertEvents = (ctx: Ctx, events: readonly AlertEvent[]) => Promise<void>;

/** Reads sources, rewrites list rows, looks after alerts and drops what is kept too long. */
export function createSloJobs(deps: SloDeps, onAlertEvents: OnAlertEvents = () => Promise.resolve()): JobDefinition[] {
  return [
    {
      // Each replica counts its own requests.
      name: 'slo.read_self',
      everyMs: 10 * SECOND_MS,
      perReplica: true,
      run: (ctx) => readSources(ctx, deps, ['self']),
    },
    { name: 'slo.read_pages', everyMs: 5 * SECOND_MS, run: (ctx) => readSources(ctx, deps, ['scrape']) },
    { name: 'slo.read_prometheus', everyMs: 30 * SECOND_MS, run: (ctx) => readSources(ctx, deps, ['prometheus']) },
    { name: 'slo.tell_demo', everyMs: 30 * SECOND_MS, run: (ctx) => readSources(ctx, deps, ['demo']) },
    {
      name: 'slo.refresh_summaries',
      everyMs: 15 * SECOND_MS,
      run: async (ctx) => void (await refreshOutdated(ctx, deps.memory)),
    },
    {
      name: 'slo.evaluate_alerts',
      everyMs: 15 * SECOND_MS,
      async run(ctx) {
        const events = await evaluateAllAlerts(ctx, deps.alerts);
        if (events.length > 0) await onAlertEvents(ctx, events);
      },
    },
    { name: 'slo.thin', everyMs: HOUR_MS, run: (ctx) => thin(ctx) },
    { name: 'slo.thin_alert_events', everyMs: DAY_MS, run: (ctx) => thinAlertEvents(ctx) },
  ];
}
