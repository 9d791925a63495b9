import type { Indicator } from '@qd/shared/slo';

/** What happened in epoch minute `m`: events counted, and whether the minute was measured at all. */
export interface MinuteCount {
  m: number;
  total: number;
  bad: number;
  /** False when nothing was measured; counts are then 0, or a jump seen after a gap. */
  observed: boolean;
}

export interface ReadRequest {
  /** Slices are counted whole: a range is best begun and ended where slices are, what is cut off is left out. */
  indicator: Indicator;
  /** First epoch minute wanted. */
  fromMinute: number;
  /** One past the last minute wanted. */
  toMinute: number;
  signal?: AbortSignal;
}

/** A place measurements are read from. Answers per epoch minute, counter resets removed. */
export interface MetricsSource {
  readonly kind: 'prometheus' | 'scrape' | 'self';
  /** Oldest epoch minute a read may ask for; null when only the present can be read. */
  readonly historyMinutes: number | null;
  /** How long (ms) after its end a minute may still change at the source; read it no sooner. */
  readonly settleMs: number;
  /**
   * Counts for `[fromMinute, toMinute)`, ascending, one entry per minute that was measured. A source of the present
   * ignores the range: it gives what was added since it was last asked for this indicator, to be added to what the
   * minutes hold already, and nothing when it is asked for the first time.
   * Throws DomainError `upstream` (down, slow, rubbish: the whole source) or `invalid` (this indicator: syntax, not a counter, no such bound, too many series).
   */
  read(request: ReadRequest): Promise<MinuteCount[]>;
  /**
   * Finite bounds that the buckets a selector picks had in the hour before `minute`, ascending; absent where a source
   * cannot tell. Throws like `read`.
   */
  bounds?(buckets: string, minute: number): Promise<number[]>;
  /** Version and round trip; throws DomainError `upstream`. */
  probe(): Promise<{ version: string | null; latencyMs: number }>;
  close(): Promise<void>;
}
