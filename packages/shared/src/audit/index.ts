export { canonicalJson, canonicalRow, utf8Length } from './canonical.ts';
export { logText, toJson, toJsonObject, type Json, type JsonObject } from './json.ts';
export {
  archiveInput,
  auditCheckpointsInput,
  auditFilters,
  auditListInput,
  auditSegmentsInput,
  MIN_KEPT_MS,
  pruneInput,
  type ArchiveInput,
  type AuditCheckpointsInput,
  type AuditFilters,
  type AuditListInput,
  type AuditSegmentsInput,
  type PruneInput,
} from './schemas.ts';
export {
  auditActorKinds,
  auditLevels,
  auditStatuses,
  MIN_TEXT_LENGTH,
  type ArchiveAnswer,
  type AuditActorKind,
  type AuditCheckpointView,
  type AuditFacts,
  type AuditKeeperView,
  type AuditLevel,
  type AuditRow,
  type AuditSegmentView,
  type AuditStatus,
  type AuditVerdict,
} from './types.ts';
