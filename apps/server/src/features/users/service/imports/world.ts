import { platformRoles, type ImportWorld } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { selectImportWorld } from '../../queries/imports/people.ts';

/** Platforms and roles as they are now; a custom role is found by its id, or by its title in any case. */
export async function loadWorld(tx: Tx): Promise<ImportWorld> {
  const { platforms, roles } = await selectImportWorld(tx);
  return {
    platforms: new Set(platforms),
    roles: new Map(roles.flatMap(({ id, title }) => [[title.toLowerCase(), id] as const, [id, id] as const])),
    platformRoles: (platform) => platformRoles(platform).map((role) => role.name),
  };
}
