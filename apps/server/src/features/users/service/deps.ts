import { randomBytes, type KeyObject } from 'node:crypto';
import { isBuiltInRole, roleTitles } from '@qd/shared/permissions';
import type { RoleView } from '@qd/shared/users';
import type { OidcPort } from '../../../adapters/oidc/port.ts';
import type { Passwords } from '../../../platform/password.ts';
import type { Sealing } from '../../../platform/sealing.ts';
import type { Throttle } from '../../../platform/throttle.ts';

/** What verbs about people need besides the context. */
export interface UsersDeps {
  passwords: Passwords;
  throttle: Throttle;
  sealing: Sealing;
  /** Keys the hashes of recovery codes. */
  recoveryKey: KeyObject;
  /** True where a mail server is configured: links then go to the person and are shown to nobody else. */
  canMail: boolean;
  oidc: OidcPort;
}

/** A fresh id with its type in front, e.g. `usr_…`. */
export function newId(
  type: 'usr' | 'grt' | 'bst' | 'inv' | 'rst' | 'chl' | 'idp' | 'totp' | 'rcv' | 'dev' | 'mbr',
): string {
  return `${type}_${randomBytes(9).toString('base64url')}`;
}

/** Roles in force as the screens name them; roles that are archived or that this version does not know are left out. */
export function roleViews(grants: readonly { role: string; platform: string; title: string | null }[]): RoleView[] {
  return grants.flatMap(({ role, platform, title }) => {
    const shown = isBuiltInRole(role) ? roleTitles[role] : title;
    return shown === null ? [] : [{ role, title: shown, platform }];
  });
}
