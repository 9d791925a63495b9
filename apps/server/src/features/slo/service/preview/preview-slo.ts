import {
  difference,
  isSliced,
  lintDefinition,
  parseTarget,
  type SloDefinition,
  type SloPreview,
  type SloPreviewInput,
  type SummarySlo,
} from '@qd/shared/slo';
import { minuteOf, startOfMinute } from '@qd/shared/time';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { StoredSource } from '../../queries/sources.ts';
import { sourceFor } from '../definitions/check.ts';
import { columnsOf } from '../definitions/stored-definition.ts';
import type { SloDeps } from '../deps.ts';
import { type FiguresInput, firingsOf, hourlySeries, summaryOf } from './figures.ts';
import { pastRows } from './past-rows.ts';
import { type LiveRead, readLive } from './read-live.ts';

/**
 * What a definition would have shown over the last days, read live from its source; nothing is stored. A source that
 * knows no past gives empty series and says so. Throws `forbidden`, `invalid` for a source of another platform or a
 * query it refuses, `upstream` when it is down, `rate_limited` while too many others are computed.
 */
export async function previewSlo(ctx: Ctx, deps: SloDeps, input: SloPreviewInput): Promise<SloPreview> {
  const { definition, days } = input;
  assertCan(ctx, 'slo:write', definition.platform);
  const source = await sourceFor(ctx, definition);
  const nowMs = ctx.now().getTime();
  return deps.previews.run(JSON.stringify([definition, days, minuteOf(nowMs)]), async () => {
    const open = deps.openSource(source);
    try {
      const startedMs = ctx.now().getTime();
      const read = await readLive(open, input, { source, nowMs });
      const preview = await figures({ definition, source, nowMs, read });
      return { ...preview, queriedMs: ctx.now().getTime() - startedMs };
    } finally {
      await open?.close();
    }
  });
}

interface Computed {
  definition: SloDefinition;
  source: StoredSource;
  nowMs: number;
  read: LiveRead;
}

async function figures({ definition, source, nowMs, read }: Computed): Promise<Omit<SloPreview, 'queriedMs'>> {
  const { past, bounds, serverVersion } = read;
  const { fromMinute, untilMinute } = past;
  const rows = pastRows(past);
  const input: FiguresInput = { slo: sloOf(definition, source, nowMs), definition, rows, fromMinute, untilMinute };
  const { budget, others, burnRows } = summaryOf(input);
  const isRead = fromMinute < untilMinute;
  const { total, bad, observedMinutes } = difference(rows.rowAt(untilMinute - 1), null, 0);
  const measured = {
    totalEvents: total,
    badEvents: bad,
    observedMinutes,
    expectedMinutes: untilMinute - fromMinute,
    leftRatio: budget.leftRatio,
  };
  const { intervalMs } = source;
  const remarks = lintDefinition(definition, isRead ? { intervalMs, bounds, measured } : { intervalMs });
  return {
    asOf: startOfMinute(untilMinute),
    ...hourlySeries(input, budget),
    budget,
    others,
    burnRows,
    firings: await firingsOf(input),
    remarks: [...read.remarks, ...remarks],
    serverVersion,
  };
}

/** The objective as if it were stored. */
function sloOf(definition: SloDefinition, source: StoredSource, nowMs: number): SummarySlo {
  const { windowMs, anchorAt, calendar, judgedBy, otherWindows } = columnsOf(definition, null, new Date(nowMs));
  return {
    id: '',
    platformId: definition.platform,
    platformName: source.platformName,
    name: definition.name,
    description: definition.description,
    isDemo: false,
    target: parseTarget(definition.targetPercent),
    policy: { cautionRatio: definition.cautionRatio, freezeRatio: definition.freezeRatio },
    source: { id: source.id, kind: source.kind, name: source.name },
    revision: 1,
    unit: isSliced(definition.indicator) ? 'minutes' : 'events',
    windowMs,
    anchorAt: anchorAt.getTime(),
    calendar,
    judgedBy: judgedBy ?? 'window',
    otherWindows: otherWindows ?? [],
    alerting: definition.alerting,
    intervalMs: source.intervalMs,
    measuredSince: null,
    sourceDown: false,
    staleReason: null,
  };
}
