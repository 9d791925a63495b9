import { createSecretKey } from 'node:crypto';
import { demoScript } from './adapters/metrics/demo/script.ts';
import { receiverFault } from './config-notify.ts';
import type { Container } from './container.ts';
import type { ApiKeysDeps } from './features/api-keys/service/deps.ts';
import type { Keys } from './features/api-keys/service/verifier.ts';
import type { AuditDeps } from './features/audit/keeping/deps.ts';
import type { DemoDeps } from './features/settings/demo.ts';
import type { SloDeps } from './features/slo/service/deps.ts';
import type { UsersDeps } from './features/users/service/deps.ts';
import { createImportsDeps, type ImportsDeps } from './features/users/service/imports/deps.ts';
import { openKeys, openTombstones } from './open-keys.ts';
import { openOidc } from './open-oidc.ts';
import { derivedKey } from './platform/derived-key.ts';
import { createPasswords } from './platform/password.ts';
import { createSealing, type Sealing } from './platform/sealing.ts';
import { createThrottle } from './platform/throttle.ts';
import { readPresets, type Presets } from './presets.ts';
import { openSlo } from './slo-deps.ts';

/** What features work with besides the open doors; shared by pages, jobs and the command line. */
export interface Services {
  users: UsersDeps;
  imports: ImportsDeps;
  audit: AuditDeps;
  sealing: Sealing;
  keys: Keys;
  apiKeys: ApiKeysDeps;
  presets: Presets;
  demo: DemoDeps;
  slo: SloDeps;
}

/** Makes the services of a console. Throws `precondition` when a secret the keys were hashed under is not given. */
export async function createServices(container: Container): Promise<Services> {
  const { secrets } = container;
  const passwords = createPasswords();
  const { keys, peppers } = await openKeys(container);
  const sealing = createSealing(secrets.encryptionPassword);
  const recoveryKey = derivedKey(secrets.encryptionPassword, 'recovery-codes v1');
  const presets = await readPresets();
  const throttle = createThrottle(createSecretKey(Buffer.from(secrets.sessionSecret)));
  const demo: DemoDeps = { script: demoScript, presets: presets.customers, hashPassword: (p) => passwords.hash(p) };
  const canMail = container.notify.notifiers.has('email');
  const faultOf = (address: string) => receiverFault(address, container.config.NOTIFY_ALLOW_CIDRS ?? []);
  return {
    users: { passwords, throttle, sealing, recoveryKey, canMail, oidc: openOidc() },
    imports: createImportsDeps(canMail ? { sealing } : null),
    audit: { keeping: container.auditKeeping, sealing },
    sealing,
    keys,
    apiKeys: {
      peppers,
      keys,
      tombstones: await openTombstones(container, keys),
      sealing,
      canMail,
      receiverFault: faultOf,
    },
    presets,
    demo,
    slo: openSlo(container, demo),
  };
}
