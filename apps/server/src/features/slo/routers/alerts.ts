import { alertEventsInput, alertListInput, channelInput } from '@qd/shared/slo';
import { guarded, router } from '../../../platform/trpc.ts';
import { listChannels, testChannel } from '../service/alerts/channels.ts';
import { listAlertEvents, listAlerts } from '../service/alerts/read-alerts.ts';
import type { SloDeps } from '../service/deps.ts';

/** Alerts as they are now, what they did, and where they go. */
export function createAlertsRouter({ alerts }: Pick<SloDeps, 'alerts'>) {
  return router({
    list: guarded('slo:read')
      .meta({ hot: ['slo'] })
      .input(alertListInput)
      .query(({ ctx, input }) => listAlerts(ctx, input)),
    events: guarded('slo:read')
      .meta({ hot: ['slo'] })
      .input(alertEventsInput)
      .query(({ ctx, input }) => listAlertEvents(ctx, input)),
    channels: guarded('settings:write').query(({ ctx }) => listChannels(ctx, alerts)),
    testChannel: guarded('settings:write')
      .input(channelInput)
      .mutation(({ ctx, input }) => testChannel(ctx, alerts, input)),
  });
}
