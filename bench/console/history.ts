import type { Db } from '../../apps/server/src/db/client.ts';
import { applyCounts } from '../../apps/server/src/features/slo/queries/ingest.ts';
import type { CountedMinute } from '../../apps/server/src/features/slo/queries/plan-counts.ts';
import { horizonMinute } from '../../apps/server/src/features/slo/queries/tiers.ts';
import type { Span } from '../data/span.ts';
import type { ServiceCounts } from '../data/world.ts';

/** Puts a service's history into the read model the way polls do: as counts of single minutes. */
export async function ingestHistory(
  db: Db,
  sliId: number,
  counts: ServiceCounts,
  range: { span: Span; toM: number; nowMs: number },
): Promise<void> {
  const minutes: CountedMinute[] = [];
  let before = { total: 0, bad: 0 };
  for (let m = range.span.firstM; m < range.toM; m++) {
    const total = counts.total[m - range.span.firstM] ?? 0;
    const bad = counts.bad[m - range.span.firstM] ?? 0;
    minutes.push({ m, total: total - before.total, bad: bad - before.bad, observed: true });
    before = { total, bad };
  }
  await db.transaction((tx) => applyCounts(tx, [{ sliId, counts: minutes }], horizonMinute(range.nowMs)));
}
