import { DomainError } from '@qd/shared/errors';
import { hasHistory, type LintRemark, remarkOfRefusal, type SloPreviewInput } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import type { MetricsSource } from '../../../../adapters/metrics/port.ts';
import type { StoredSource } from '../../queries/sources.ts';
import { type Past, readPast } from './read-past.ts';

/** Longest time a preview reads its source. */
const MAX_READ_MS = 60_000;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = DAY_MS / MINUTE_MS;

/** What a source told of the past of a definition, or why it could not. */
export interface LiveRead {
  past: Past;
  remarks: LintRemark[];
  /** Finite bounds of the histogram a percentile reads, where the source tells. */
  bounds: readonly number[];
  serverVersion: string | null;
}

/**
 * Reads the days before `nowMs` from an open source (null for one that is not read). What the source refuses because of
 * the definition becomes a remark; throws everything else it throws.
 */
export async function readLive(
  open: MetricsSource | null,
  input: SloPreviewInput,
  { source, nowMs }: { source: StoredSource; nowMs: number },
): Promise<LiveRead> {
  const untilMinute = minuteOf(nowMs - (open?.settleMs ?? 0));
  const nothing: LiveRead = {
    past: { fromMinute: untilMinute, untilMinute, counts: [], isCut: false },
    remarks: [],
    bounds: [],
    serverVersion: source.serverVersion,
  };
  try {
    if (open !== null && hasHistory(source.kind)) return await readHistory(open, input, untilMinute);
    await open?.read({ indicator: input.definition.indicator, fromMinute: untilMinute, toMinute: untilMinute });
    return { ...nothing, remarks: [noPast(source)] };
  } catch (error) {
    return { ...nothing, remarks: [remarkOf(error)] };
  }
}

async function readHistory(
  open: MetricsSource,
  { definition, days }: SloPreviewInput,
  untilMinute: number,
): Promise<LiveRead> {
  const { indicator } = definition;
  const fromMinute = Math.floor((untilMinute - days * MINUTES_PER_DAY) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR;
  const { version } = await open.probe();
  const signal = AbortSignal.timeout(MAX_READ_MS);
  const past = await readPast(open, indicator, { fromMinute, untilMinute, signal });
  const bounds = indicator.kind === 'percentile' ? await open.bounds?.(indicator.buckets, untilMinute) : undefined;
  return { past, remarks: past.isCut ? [cutShort(past)] : [], bounds: bounds ?? [], serverVersion: version };
}

/** The remark an error stands for; throws it again where it is none. */
function remarkOf(error: unknown): LintRemark {
  const field = error instanceof DomainError ? error.fields[0] : undefined;
  const remark = field === undefined ? null : remarkOfRefusal(field);
  if (remark === null) throw error;
  return remark;
}

function noPast({ kind }: StoredSource): LintRemark {
  const message =
    kind === 'push'
      ? 'knows no past: measurements count from the first one that is sent'
      : 'knows the present only: what is counted begins with the first reading';
  return { code: 'no_data', level: 'note', field: 'sourceId', message };
}

function cutShort({ fromMinute, untilMinute }: Past): LintRemark {
  const days = ((untilMinute - fromMinute) / MINUTES_PER_DAY).toFixed(1);
  const message = `answered slowly: in ${MAX_READ_MS / 1_000} seconds only the last ${days} days could be read`;
  return { code: 'low_coverage', level: 'note', field: 'sourceId', message };
}
