import type { ActOutcome } from '../approvals/index.ts';
import type { Permission } from '../permissions/index.ts';
import type { PersonRef } from '../users/index.ts';
import type { PermissionDiff } from './diff.ts';

/** A role as lists show it. Instants are epoch ms. */
export interface RoleSummary {
  /** Name of a built-in role, or `role_…`. */
  id: string;
  title: string;
  description: string;
  isBuiltIn: boolean;
  isArchived: boolean;
  /** The role it was cloned from. */
  base: string | null;
  permissions: Permission[];
  /** People with a grant of it in force. */
  holders: number;
  /** Of the row, for changes; 0 for built-in roles. */
  version: number;
  updatedAt: number | null;
}

/** One role, and what the caller may do with it. */
export interface RoleDetail extends RoleSummary {
  createdBy: PersonRef | null;
  createdAt: number | null;
  sentences: { permission: Permission; sentence: string }[];
  may: { edit: boolean; archive: boolean };
}

/** What a cell of the matrix says: allowed, only where it is granted, only with a second person, or not at all. */
export type MatrixCell = 'allowed' | 'own_platform' | 'second_approver' | 'none';

/** Permissions by feature against roles. */
export interface RoleMatrix {
  roles: Pick<RoleSummary, 'id' | 'title' | 'isBuiltIn' | 'holders'>[];
  groups: {
    feature: string;
    /** One cell a role, in the order of `roles`. */
    rows: { permission: Permission; sentence: string; cells: MatrixCell[] }[];
  }[];
}

/** Somebody who holds a role. Instants are epoch ms. */
export interface RoleHolder {
  user: PersonRef & { email: string };
  /** Name or id of the role by which it is held. */
  role: string;
  title: string;
  platform: string;
  expiresAt: number | null;
}

/** What a change of a role would do, before it is done. */
export interface RoleChangePreview extends PermissionDiff {
  /** People whose rights would change, at most 50 of them, and how many there are. */
  affected: RoleHolder[];
  affectedCount: number;
  /** Why the caller may not make the change, or null. */
  refusal: string | null;
  /** True when somebody else has to approve it first. */
  needsApproval: boolean;
}

/** The stored role after a change, or the request that must be approved first. */
export interface RoleOutcome extends ActOutcome {
  role: RoleSummary | null;
}

/** A grant that gives, or gave, something. Instants are epoch ms. */
export interface GrantPath {
  grantId: string;
  role: string;
  title: string;
  isBuiltIn: boolean;
  platform: string;
  grantedBy: PersonRef | null;
  grantedAt: number;
  reason: string;
  expiresAt: number | null;
  origin: string;
}

/** Why a person may, or may not, do something. */
export interface Explanation {
  user: PersonRef & { email: string; state: string };
  permission: Permission;
  sentence: string;
  platform: string;
  allowed: boolean;
  /** One sentence a person reads. */
  because: string;
  /** Every grant that gives it, widest first. */
  paths: GrantPath[];
  /** Roles that would give it, when it is not held. */
  rolesThatGive: { id: string; title: string }[];
  /** People who could give it now, at most 10. */
  couldBeGivenBy: (PersonRef & { email: string })[];
}

/** Everything a person may do, by permission and platform. */
export interface EffectiveRights {
  user: PersonRef & { email: string; state: string };
  grants: GrantPath[];
  /** Platforms by permission held, `*` for all; nothing for who is not active. */
  permissions: { permission: Permission; sentence: string; platforms: string[] }[];
}
