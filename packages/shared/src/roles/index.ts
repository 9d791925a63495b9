export { humanPermissions, permissionDiff, type PermissionDiff } from './diff.ts';
export {
  archiveRoleInput,
  createRoleInput,
  effectiveInput,
  explainInput,
  giveRoleInput,
  holdersInput,
  previewRoleInput,
  roleInput,
  takeRoleInput,
  updateRoleInput,
  type ArchiveRoleInput,
  type CreateRoleInput,
  type ExplainInput,
  type GiveRoleInput,
  type HoldersInput,
  type PreviewRoleInput,
  type TakeRoleInput,
  type UpdateRoleInput,
} from './schemas.ts';
export { looksLikeBuiltIn, roleTitleKey } from './titles.ts';
export {
  type EffectiveRights,
  type Explanation,
  type GrantPath,
  type MatrixCell,
  type RoleChangePreview,
  type RoleDetail,
  type RoleHolder,
  type RoleMatrix,
  type RoleOutcome,
  type RoleSummary,
} from './views.ts';
