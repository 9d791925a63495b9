import { MINUTE_MS } from '@qd/shared/time';
import type { JobDefinition } from '../../platform/jobs.ts';
import { settleLapsed } from './service/lapse.ts';

/** Notes which requests ran out of time, and tells who asked. */
export function createApprovalsJobs(): JobDefinition[] {
  return [{ name: 'approvals.lapse', everyMs: MINUTE_MS, run: settleLapsed }];
}
