/** A clock that moves only when told. */
export interface Clock {
  now(): Date;
  set(at: Date): void;
  advance(ms: number): void;
}

/** Starts at the given instant, by default the present one. */
export function createClock(at: Date = new Date()): Clock {
  let nowMs = at.getTime();
  return {
    now: () => new Date(nowMs),
    set: (to) => {
      nowMs = to.getTime();
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
