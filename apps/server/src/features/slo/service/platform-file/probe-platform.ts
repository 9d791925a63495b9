import { DomainError, type FieldError } from '@qd/shared/errors';
import { type Indicator, type SloDefinition, sliceMinutesOf } from '@qd/shared/slo';
import { minuteOf } from '@qd/shared/time';
import type { MetricsSource } from '../../../../adapters/metrics/port.ts';
import { eachBounded } from '../reading/bounded.ts';

/** Minutes of the recent past an indicator is tried on. */
const TRIED_MINUTES = 10;
const READS_AT_ONCE = 6;

/**
 * Tries a source and every indicator on it before anything is stored. Gives remarks on what may be a mistake.
 * Throws `upstream` when the source cannot be read, `invalid` naming each objective whose counters cannot be.
 */
export async function probePlatform(
  source: MetricsSource,
  definition: { slos: readonly Pick<SloDefinition, 'indicator' | 'name'>[] },
  now: Date,
): Promise<{ remarks: string[] }> {
  await source.probe();
  const until = minuteOf(now.getTime() - source.settleMs);
  const faults: FieldError[] = [];
  const remarks: string[] = [];
  await eachBounded([...definition.slos.entries()], READS_AT_ONCE, async ([i, { indicator, name }]) => {
    try {
      const span = triedSpan(indicator, until);
      const counts = await source.read({ indicator, ...span });
      if (source.historyMinutes !== null && counts.length === 0) {
        const minutes = until - span.fromMinute;
        remarks.push(`slos[${i}] (${name}): no samples of what is counted in the last ${minutes} minutes`);
      }
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'invalid') throw error;
      faults.push({ field: `slos[${i}]`, message: error.message });
    }
  });
  if (faults.length === 0) return { remarks: remarks.sort() };
  faults.sort((a, b) => a.field.localeCompare(b.field, 'en', { numeric: true }));
  throw new DomainError('invalid', `Nothing was stored: ${faults.map((f) => `${f.field}: ${f.message}`).join(' ')}`, {
    fields: faults,
  });
}

/** The last minutes before `until`: at least one whole slice of the indicator. */
function triedSpan(indicator: Indicator, until: number): { fromMinute: number; toMinute: number } {
  const step = sliceMinutesOf(indicator);
  const toMinute = Math.floor(until / step) * step;
  return { fromMinute: toMinute - Math.ceil(TRIED_MINUTES / step) * step, toMinute };
}
