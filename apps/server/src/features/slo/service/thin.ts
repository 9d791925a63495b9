import { fromStoredWindows, longestMs } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import type { ReadDb } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { objectives } from '../queries/objectives.ts';
import { type LookBack, storedWindows, thinRows } from '../queries/thin.ts';
import { horizonMinute } from '../queries/tiers.ts';
import { exclusionsFor, occurrencesOf } from './exclusions/excluded-time.ts';

/** SLIs thinned in one transaction; ingest waits for each. */
const SLIS_AT_ONCE = 20;
/** Minutes are thinned within the hour; this far back they are there only after a long standstill. */
const UNTHINNED_MINUTES = (31 * DAY_MS) / MINUTE_MS;

/** Hours kept beyond what is looked back at: windows begin on full hours of UTC, and thinning is late at times. */
const MARGIN_MS = 2 * DAY_MS;

/** Drops minutes, hours and pushed points that are kept too long, a few SLIs at a time. */
export async function thin(ctx: Ctx): Promise<void> {
  const horizon = horizonMinute(ctx.now().getTime());
  const rows = await objectives(ctx.db);
  const exclusions = await exclusionsFor(ctx.db, rows);
  const within = { beforeM: horizon - UNTHINNED_MINUTES, endM: horizon - 1 };
  const last = rows.at(-1)?.sliId ?? 0;
  const lookBacks = await lookBacksOf(ctx.db);
  for (let fromSli = 0; fromSli <= last; fromSli += SLIS_AT_ONCE) {
    const range = { fromSli, toSli: fromSli + SLIS_AT_ONCE };
    const isInRange = ({ sliId }: { sliId: number }) => sliId >= range.fromSli && sliId < range.toSli;
    const excluded = rows
      .filter(isInRange)
      .map((row) => ({ sliId: row.sliId, spans: occurrencesOf(exclusions, row, within) }))
      .filter(({ spans }) => spans.length > 0);
    const gone = await ingest(ctx, (tx) =>
      thinRows(tx, { ...range, excluded, lookBacks: lookBacks.filter(isInRange) }, horizon),
    );
    if (gone.minutes + gone.hours + gone.pushed > 0) ctx.log.debug({ ...range, ...gone }, 'thinned');
  }
}

/** A budget looks back over its own window and the one before, however long those really are. */
async function lookBacksOf(db: ReadDb): Promise<LookBack[]> {
  const stored = await storedWindows(db);
  return stored.map(({ sliId, ...windows }) => {
    const ms = 2 * Math.max(...fromStoredWindows(windows).map(longestMs)) + MARGIN_MS;
    return { sliId, minutes: Math.ceil(ms / MINUTE_MS) };
  });
}
