import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { PROBE_BOUND_MS } from '@qd/shared/api-keys/ending';
import { SECOND_MS } from '@qd/shared/time';
import type { Container } from './container.ts';
import { selectStoreMs } from './features/api-keys/queries/store-time.ts';
import { createTombstoneKeeper, type TombstoneKeeper } from './features/api-keys/service/ending/tombstones.ts';
import { openPeppers } from './features/api-keys/service/peppers.ts';
import { probeText, storeProbe } from './features/api-keys/service/revocation/probe-key.ts';
import { watchRevocation, type RevocationWatch } from './features/api-keys/service/revocation/watch.ts';
import { noteFirstUse } from './features/api-keys/service/rotation/first-use.ts';
import { createKeys, type Keys } from './features/api-keys/service/verifier.ts';
import { createStoreClock } from './features/api-keys/service/verify/store-clock.ts';
import type { Peppers } from './platform/pepper.ts';

/**
 * The verifier of API keys and the peppers it works with. Its clock is the database's, where that is another machine's. Throws
 * `precondition` when a secret that live keys were hashed under is not given.
 */
export async function openKeys(container: Container): Promise<{ keys: Keys; peppers: Peppers }> {
  const { config, database, hub, kv, log, now, secrets, telemetry } = container;
  const { db } = database;
  const peppers = await openPeppers(
    { db, now },
    {
      encryptionPassword: secrets.encryptionPassword,
      pepper: config.API_KEY_PEPPER,
      previous: config.API_KEY_PEPPER_PREVIOUS,
    },
  );
  const storeClock =
    database.kind === 'embedded'
      ? undefined
      : createStoreClock({ readStoreMs: () => selectStoreMs(db), now, log, steadyMs: () => performance.now() });
  await storeClock?.measure();
  await storeProbe({ db, now }, peppers);
  const keys = createKeys(
    {
      db,
      hub,
      kv,
      log,
      now,
      storeClock,
      onFirstUse: noteFirstUse,
      onVerdict: (outcome) => telemetry.keyVerifications.inc({ outcome }),
      onLookup: (source) => telemetry.keyLookups.inc({ source }),
    },
    peppers,
  );
  return { keys, peppers };
}

/**
 * The ledger of stopped keys, in step with the tables: a restored database has brought nothing back by the time this returns.
 * Throws `precondition` when the ledger cannot be read or written.
 */
export async function openTombstones(container: Container, keys: Pick<Keys, 'now'>): Promise<TombstoneKeeper> {
  const { config, log, tombstones } = container;
  const isBesideDatabase = config.embedded && config.QD_AUDIT_DIR === undefined;
  const keeper = createTombstoneKeeper(tombstones, log, { now: () => keys.now(), isBesideDatabase });
  await keepTombstones(container, { keys, tombstones: keeper });
  return keeper;
}

/**
 * Brings the ledger in step with the tables now. Also the last act of a console, for what ended since the last minute's look: the
 * next one may start on a database from before.
 */
export async function keepTombstones(
  container: Container,
  { keys, tombstones }: { keys: Pick<Keys, 'now'>; tombstones: TombstoneKeeper },
): Promise<void> {
  await tombstones.keep({ ...container.ctx('system'), now: () => keys.now() });
}

/**
 * Puts keys into the ledger as soon as they end, in whichever way and replica: one that crashes right after leaves nothing out.
 * Changes that come while it looks are looked at together.
 */
export function followEndings(
  container: Container,
  { keys, tombstones }: { keys: Pick<Keys, 'now'>; tombstones: TombstoneKeeper },
): { stop(): Promise<void> } {
  let isAskedFor = false;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    while (isAskedFor) {
      isAskedFor = false;
      await tombstones.catchUp({ ...container.ctx('system'), now: () => keys.now() });
    }
    running = null;
  };
  const unsubscribe = container.hub.subscribe(({ topic }) => {
    if (topic !== 'api-keys') return;
    isAskedFor = true;
    running ??= run();
  });
  return {
    async stop() {
      unsubscribe();
      await running;
    },
  };
}

/** Measures in this replica, every minute, how soon ended keys are refused. */
export function openRevocationWatch(
  { database, hub, log, telemetry }: Container,
  { keys, peppers }: { keys: Keys; peppers: Peppers },
): RevocationWatch {
  return watchRevocation({
    db: database.db,
    hub,
    log,
    keys,
    text: probeText(peppers),
    replicaId: `${process.pid}-${randomBytes(6).toString('base64url')}`,
    clock: () => keys.now(),
    onMeasured: (latencyMs) => telemetry.keyRevocation.observe((latencyMs ?? PROBE_BOUND_MS) / SECOND_MS),
  });
}
