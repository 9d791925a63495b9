import { setTimeout as sleep } from 'node:timers/promises';
import { PROBE_EVERY_MS } from '@qd/shared/api-keys/ending';
import { SECOND_MS } from '@qd/shared/time';
import { acceptsProbe, measureRevocation, reviveProbe, type ProbeDeps } from './measure.ts';

/** When in each minute, by the database's clock, what is done. Every replica knows, so that none has to be told. */
const WARM_MS = 19 * SECOND_MS;
const END_MS = 20 * SECOND_MS;

/** Measures every minute until it is stopped. */
export interface RevocationWatch {
  stop(): Promise<void>;
}

/** Measures in this replica how soon ended keys are refused, once a minute. A minute that fails is logged and left out. */
export function watchRevocation(deps: ProbeDeps): RevocationWatch {
  const stopped = new AbortController();
  const { signal } = stopped;
  const until = async (atMs: number): Promise<void> => {
    const ms = Math.max(0, atMs - deps.clock().getTime());
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  };
  const minute = async (startMs: number): Promise<void> => {
    await reviveProbe(deps);
    await until(startMs + WARM_MS);
    if (signal.aborted || !(await acceptsProbe(deps))) return;
    await until(startMs + END_MS);
    if (!signal.aborted) await measureRevocation(deps, signal);
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const startMs = (Math.floor(deps.clock().getTime() / PROBE_EVERY_MS) + 1) * PROBE_EVERY_MS;
      await until(startMs);
      if (signal.aborted) return;
      try {
        await minute(startMs);
      } catch (error) {
        deps.log.warn({ err: error }, 'how soon ended keys are refused could not be measured');
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
