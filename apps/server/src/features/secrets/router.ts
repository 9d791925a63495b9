import {
  addScheduleInput,
  archiveSecretInput,
  createSecretInput,
  getSecretInput,
  listSecretsInput,
  recordRotationInput,
  updateSecretInput,
} from '@qd/shared/secrets';
import { guarded, router } from '../../platform/trpc.ts';
import { archiveSecret, changeSecret, createSecret } from './service/change.ts';
import { getSecret, listSecrets } from './service/read.ts';
import { recordRotation } from './service/rotation.ts';
import { addSchedule } from './service/schedule.ts';

/** The register of secrets the console does not hold but sees rotated in time. */
export const secretsRouter = router({
  list: guarded('secrets:read')
    .input(listSecretsInput)
    .query(({ ctx, input }) => listSecrets(ctx, input)),
  get: guarded('secrets:read')
    .input(getSecretInput)
    .query(({ ctx, input }) => getSecret(ctx, input)),
  create: guarded('secrets:write')
    .input(createSecretInput)
    .mutation(({ ctx, input }) => createSecret(ctx, input)),
  update: guarded('secrets:write')
    .input(updateSecretInput)
    .mutation(({ ctx, input }) => changeSecret(ctx, input)),
  recordRotation: guarded('secrets:write')
    .input(recordRotationInput)
    .mutation(({ ctx, input }) => recordRotation(ctx, input)),
  archive: guarded('secrets:write')
    .input(archiveSecretInput)
    .mutation(({ ctx, input }) => archiveSecret(ctx, input)),
  addSchedule: guarded('secrets:write')
    .input(addScheduleInput)
    .mutation(({ ctx, input }) => addSchedule(ctx, input)),
});
