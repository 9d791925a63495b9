import type { Container } from './container.ts';
import { createApiKeysJobs } from './features/api-keys/jobs.ts';
import { createApprovalsJobs } from './features/approvals/jobs.ts';
import { createAuditJobs } from './features/audit/jobs.ts';
import { createHealthJobs } from './features/health/jobs.ts';
import { createSettingsJobs } from './features/settings/jobs.ts';
import { createSloJobs } from './features/slo/jobs.ts';
import { refreshSummaries } from './features/slo/service/refresh-summaries.ts';
import { createUsersJobs } from './features/users/jobs.ts';
import { healthDeps } from './health-deps.ts';
import type { JobDefinition } from './platform/jobs.ts';
import type { Services } from './services.ts';

/** Every job of the console, in one list. `publicUrl` is where browsers reach it. */
export function allJobs(container: Container, services: Services, publicUrl: string): JobDefinition[] {
  return [
    ...createSloJobs(services.slo),
    ...createApprovalsJobs(),
    ...createUsersJobs(),
    ...createAuditJobs(services.audit),
    ...createApiKeysJobs(services.keys, services.apiKeys),
    ...createSettingsJobs(
      services.demo,
      {
        tidy: () => container.database.tidy(),
        onRetold: async (ctx) => void (await refreshSummaries(ctx, services.slo.memory)),
      },
      {
        notifiers: container.notify.notifiers,
        publicUrl,
        sealing: services.sealing,
        onAttempt: (channel, outcome) => container.telemetry.notifications.inc({ channel, outcome }),
        random: Math.random,
      },
    ),
    ...createHealthJobs(healthDeps(container, services), container.telemetry),
  ];
}
