import { builtInRoles, rolePermissions, roleTitles } from '@qd/shared/permissions';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';
import { useCan } from '../../lib/use-can.ts';
import type { RoleChoice } from './person/rights.ts';

const builtIn: readonly RoleChoice[] = builtInRoles.map((role) => ({
  id: role,
  title: roleTitles[role],
  permissions: rolePermissions[role],
}));

/** Roles one can choose: the built-in ones, and those made here where the reader may see them. */
export function useRoleChoices(): readonly RoleChoice[] {
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery(trpc.roles.list.queryOptions(undefined, { enabled: can('roles:read') }));
  return data?.filter((role) => !role.isArchived) ?? builtIn;
}
