import type { Container } from './container.ts';
import type { TombstoneKeeper } from './features/api-keys/service/ending/tombstones.ts';
import type { HealthDeps } from './features/health/service.ts';
import { version } from './version.ts';

/** The doors of a console, as health sees them. */
export function healthDeps(
  container: Container,
  { apiKeys }: { apiKeys: { tombstones: Pick<TombstoneKeeper, 'state'> } },
): HealthDeps {
  const { kv, database, config, startedAt } = container;
  return {
    version,
    startedAt,
    dataDir: config.QD_DATA_DIR,
    ledger: () => apiKeys.tombstones.state(),
    database,
    cache: {
      kind: kv.kind,
      ping: () => kv.ping(),
      since: () => {
        const state = kv.state();
        return state.connected ? null : state.since;
      },
    },
  };
}
