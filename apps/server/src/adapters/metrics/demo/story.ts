/** A stretch in which more went wrong than usual. Minutes are relative to the story's "now". */
export interface Episode {
  fromMinute: number;
  minutes: number;
  /** Share of the window's budget it costs by "now"; `rest` takes whatever leads to the story's `leftRatio`. */
  share: number | 'rest';
  /** Weight of each minute of the episode; even where left out. */
  shape?: (minute: number) => number;
}

/** What one objective lives through, told relative to now. */
export interface Story {
  /** `platform/slug`. */
  key: string;
  requestsPerMinute: number;
  /** Budget left at "now". */
  leftRatio: number;
  /** Share of a whole window's budget that ordinary errors cost. */
  backgroundShare: number;
  episodes: readonly Episode[];
  /** Minutes in which nothing was measured, relative to now; open-ended spans end the data. */
  gaps?: readonly { fromMinute: number; toMinute: number }[];
}

export const DAY_MINUTES = 1_440;

/** Deterministic number in [0, 1) for a text and a minute (FNV-1a, then an avalanche step). */
export function noise(seed: number, minute: number): number {
  let h = (seed ^ Math.imul(minute, 0x9e3779b1)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** Seed of a story, from its key. */
export function seedOf(key: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

/** Traffic of a minute relative to the mean: a daily wave whose middle is "now", quieter weekends, some noise. */
export function traffic(seed: number, minute: number): number {
  const day = Math.sin((2 * Math.PI * minute) / DAY_MINUTES);
  const dayOfWeek = ((Math.floor(minute / DAY_MINUTES) % 7) + 7) % 7;
  const week = dayOfWeek === 2 || dayOfWeek === 3 ? 0.86 : 1.056;
  return (1 + 0.3 * day) * week * (0.92 + 0.16 * noise(seed, minute));
}

/** Whole number whose mean over many minutes is `x`, decided by the minute alone. */
export function whole(x: number, seed: number, minute: number): number {
  return Math.floor(x + noise(seed ^ 0x5bd1e995, minute));
}
