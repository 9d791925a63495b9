import { SECOND_MS } from '@qd/shared/time';
import type { JobDefinition } from '../../platform/jobs.ts';
import type { Keys } from './service/verifier.ts';

/** Stores when keys were last used, in every replica. */
export function createApiKeysJobs(keys: Keys): JobDefinition[] {
  return [{ name: 'api-keys.flush-usage', everyMs: 10 * SECOND_MS, perReplica: true, run: () => keys.flushUsage() }];
}
