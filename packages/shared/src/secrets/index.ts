export {
  DUE_SOON_MS,
  MAX_EVERY_DAYS,
  nextDueMs,
  dueStates,
  secretCadences,
  secretState,
  secretStates,
  type Cadence,
  type SecretCadence,
  type SecretState,
} from './cadence.ts';
export { manualSchedules, type ScheduledSecret } from './schedule.ts';
export {
  addScheduleInput,
  archiveSecretInput,
  createSecretInput,
  getSecretInput,
  listSecretsInput,
  recordRotationInput,
  secretId,
  updateSecretInput,
  type ArchiveSecretInput,
  type CreateSecretInput,
  type GetSecretInput,
  type ListSecretsInput,
  type RecordRotationInput,
  type SecretCounts,
  type SecretRotationView,
  type SecretView,
  type UpdateSecretInput,
} from './schemas.ts';
export { looksLikeValue } from './value-guard.ts';
