import { can, type GrantScope } from './can.ts';
import type { Permission } from './catalog.ts';

/**
 * What is wanted on the platform (`*`: on all) and these grants do not hold there. Empty when all of it could be passed on:
 * nobody gives what they lack.
 */
export function permissionsBeyond(
  held: readonly GrantScope[],
  wanted: readonly Permission[],
  platform: string,
): Permission[] {
  const scope = platform === '*' ? null : platform;
  return wanted.filter((permission) => !can(held, permission, scope));
}
