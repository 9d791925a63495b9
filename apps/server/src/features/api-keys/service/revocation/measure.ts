import { setTimeout as sleep } from 'node:timers/promises';
import { PROBE_BOUND_MS } from '@qd/shared/api-keys/ending';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { endProbe, insertProbe, releaseProbe, selectProbeEnd } from '../../queries/revocation.ts';
import type { Keys } from '../verifier.ts';

const ASK_EVERY_MS = 10;
/** How long the probe stays ended: longer than anybody may measure, and than anybody may remember it. */
export const REST_MS = PROBE_BOUND_MS + 1_000;

/** What measuring works with. */
export interface ProbeDeps extends Pick<Ctx, 'db' | 'hub' | 'log'> {
  keys: Pick<Keys, 'verify'>;
  /** The key revocation is measured with. */
  text: string;
  replicaId: string;
  /** Time by the database, by whose clock keys end. */
  clock(): Date;
  onMeasured?(latencyMs: number | null): void;
}

const from = { address: null, requestId: 'revocation-probe' };

/** Lets the probe live again; by one replica, the others find it done. Nobody is told: it was ended for longer than memory lasts. */
export async function reviveProbe({ db }: Pick<ProbeDeps, 'db'>): Promise<boolean> {
  return ingest({ db }, (tx) => releaseProbe(tx, REST_MS));
}

/** True if this replica accepts the probe; it then remembers it, as it remembers a key in use. */
export async function acceptsProbe({ keys, text }: Pick<ProbeDeps, 'keys' | 'text'>): Promise<boolean> {
  return (await keys.verify(text, from)) !== null;
}

/**
 * Ends the probe, unless another replica is quicker, and asks this replica's own verifier every 10 ms until it refuses. Gives
 * the time from the end, as stored, to the refusal, null when the probe was still accepted after 30 s, and `none` when nobody
 * ended it or the caller stopped. The result is stored.
 */
export async function measureRevocation(deps: ProbeDeps, signal: AbortSignal): Promise<number | null | 'none'> {
  const startedMs = deps.clock().getTime();
  const ending = endHere(deps);
  let refusedAtMs: number | null = null;
  while (deps.clock().getTime() - startedMs < PROBE_BOUND_MS) {
    if (!(await acceptsProbe(deps))) {
      refusedAtMs = deps.clock().getTime();
      break;
    }
    if (signal.aborted) break;
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  await ending;
  const endedMs = await selectProbeEnd(deps.db);
  if (endedMs === null || (signal.aborted && refusedAtMs === null)) return 'none';
  const latencyMs = refusedAtMs === null ? null : Math.max(0, refusedAtMs - endedMs);
  const at = new Date(endedMs);
  await ingest(deps, (tx) => insertProbe(tx, { replicaId: deps.replicaId, at, latencyMs }));
  deps.onMeasured?.(latencyMs);
  return latencyMs;
}

/** Told on a topic of its own: keys in use and open lists have nothing to do with the probe. */
async function endHere({ db, hub }: ProbeDeps): Promise<void> {
  if (await ingest({ db }, (tx) => endProbe(tx))) hub.publish('api-keys.probe');
}
