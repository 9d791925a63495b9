import type { CumulativeRow } from '@qd/shared/slo';
import { rowsAt } from '../../apps/server/src/features/slo/queries/probes.ts';
import { horizonMinute } from '../../apps/server/src/features/slo/queries/tiers.ts';
import type { ConsoleRig } from '../console/rig.ts';
import type { Client } from '../http/client.ts';
import type { PagesMeasured } from './pages.ts';

/** Requests and failures of a service in the same window, by both. */
export interface Agreement {
  ours: { total: number; bad: number };
  prometheus: { total: number; bad: number };
}

/** Counts the window from a full hour 29 days back (or the first there is) to now in the read model and in PromQL. */
export async function agreement(measured: PagesMeasured, rig: ConsoleRig): Promise<Agreement> {
  const { history, prometheus, atS } = measured;
  const nowMs = Date.now();
  const endM = atS / 60 - 1;
  const firstFullHour = Math.ceil((history.span.firstM + 1) / 60) * 60 - 1;
  const startM = Math.max(firstFullHour, Math.floor((endM - 29 * 1_440) / 60) * 60 - 1);
  const handle = await rig.store.open();
  const { sliId, service } = rig.first;
  const [rows = []] = await rowsAt(handle.db, [{ sliId, minutes: [startM, endM] }], horizonMinute(nowMs));
  await handle.close();
  const [start = null, end = null] = rows;
  const all = `sum(hashinsight_requests_total{service="${service}"})`;
  const failed = `sum(hashinsight_requests_total{service="${service}",status=~"5.."})`;
  const grown = async (query: string): Promise<number> =>
    (await valueAt(prometheus, query, endM)) - (await valueAt(prometheus, query, startM));
  return {
    ours: grownBetween(start, end),
    prometheus: { total: await grown(all), bad: await grown(failed) },
  };
}

function grownBetween(start: CumulativeRow | null, end: CumulativeRow | null): { total: number; bad: number } {
  if (start === null || end === null) throw new Error('the read model has no row where it should have one');
  return { total: end.total - start.total, bad: end.bad - start.bad };
}

/** The value of a query at the end of an epoch minute. */
async function valueAt(client: Client, query: string, m: number): Promise<number> {
  const path = `/api/v1/query?query=${encodeURIComponent(query)}&time=${(m + 1) * 60}`;
  const answer = (await client.json(path)) as { data: { result: { value: [number, string] }[] } };
  return Number(answer.data.result[0]?.value[1]);
}
