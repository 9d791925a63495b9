import { can, platformsWith, type Permission } from '@qd/shared/permissions';
import { useCallback } from 'react';
import { useUser } from './session.tsx';

/** Asks whether the person may act: on one platform, on all (`null`), or on any (left out). The server decides again. */
export function useCan(): (permission: Permission, platform?: string | null) => boolean {
  const { grants } = useUser();
  return useCallback(
    (permission, platform) => {
      if (platform !== undefined) return can(grants, permission, platform);
      return platformsWith(grants, permission).length > 0;
    },
    [grants],
  );
}
