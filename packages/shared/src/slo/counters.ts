/** Raw samples of one counter series at minute boundaries; null or NaN where it was absent. */
export interface CounterSeries {
  values: readonly (number | null)[];
}

export interface MinuteDeltaOptions {
  /** Count the whole first value of a series that appears inside the range: right when its start is known to lie there. */
  creditFirstSample: boolean;
}

/** A value a counter can have; NaN, infinities and negatives are what a broken source sends and count as absent. */
function isCount(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Growth of a counter from one sample to the next. A fall is a restart from zero, so all of the new value is growth. */
function step(previous: number, value: number): number {
  return value < previous ? value : value - previous;
}

/** Growth of one counter through `samples`, starting from `previous` (null: the first sample is the base). Resets are safe. */
export function increase(previous: number | null, samples: readonly (number | null)[]): number {
  let base = isCount(previous) ? previous : null;
  let sum = 0;
  for (const value of samples) {
    if (!isCount(value)) continue;
    if (base !== null) sum += step(base, value);
    base = value;
  }
  return sum;
}

/**
 * Growth of ONE series per minute: entry `i` lies between boundary `i` and `i + 1`, null where nothing is known.
 * A jump across a gap belongs to the minute in which the series is back.
 */
export function seriesDeltas(values: readonly (number | null)[], opts: MinuteDeltaOptions): (number | null)[] {
  const deltas: (number | null)[] = [];
  const first = values[0];
  let base = isCount(first) ? first : null;
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i];
    if (!isCount(value)) {
      deltas.push(null);
      continue;
    }
    const credit = opts.creditFirstSample ? value : null;
    deltas.push(base === null ? credit : step(base, value));
    base = value;
  }
  return deltas;
}

/**
 * Growth per minute over many series sampled at the same boundaries. Resets are removed per series before
 * summing. Null is a minute in which no series was observed; one entry less than there are boundaries.
 */
export function minuteDeltas(series: readonly CounterSeries[], opts: MinuteDeltaOptions): { delta: number | null }[] {
  const boundaries = series.reduce((most, one) => Math.max(most, one.values.length), 0);
  const result: { delta: number | null }[] = Array.from({ length: Math.max(0, boundaries - 1) }, () => ({
    delta: null,
  }));
  for (const one of series) {
    seriesDeltas(one.values, opts).forEach((delta, i) => {
      const minute = result[i];
      if (minute !== undefined && delta !== null) minute.delta = (minute.delta ?? 0) + delta;
    });
  }
  return result;
}
