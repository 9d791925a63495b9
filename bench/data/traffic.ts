/** A made-up platform: Zipf-sized services with days, weekends, noise and incidents. The same on every run. */

const MINUTES_PER_DAY = 1_440;
const REQUESTS_PER_MINUTE = 925;
const QUIET_ERROR_RATIO = 0.000_3;

export interface Incident {
  fromMinute: number;
  toMinute: number;
  errorRatio: number;
}

/** Requests, failed requests and slowness (0 quiet to 1) of one minute. */
export interface MinuteTraffic {
  requests: number;
  errors: number;
  slowness: number;
}

/** A repeatable stream of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Traffic of a service, minute by minute from the first; call it in order. */
export function trafficOf(service: number, minutes: number): (minute: number) => MinuteTraffic {
  const random = randomFrom(service * 7_919 + 17);
  const base = REQUESTS_PER_MINUTE / (service + 1) ** 0.7;
  const incidents = incidentsOf(random, minutes);
  return (minute) => {
    const day = 1 + 0.5 * Math.sin((2 * Math.PI * (minute % MINUTES_PER_DAY)) / MINUTES_PER_DAY);
    const isWeekend = Math.floor(minute / MINUTES_PER_DAY) % 7 >= 5;
    const noise = 0.95 + 0.1 * random();
    const requests = base * day * (isWeekend ? 0.7 : 1) * noise;
    const incident = incidents.find((i) => minute >= i.fromMinute && minute < i.toMinute);
    const ratio = incident?.errorRatio ?? QUIET_ERROR_RATIO;
    return { requests, errors: requests * ratio, slowness: incident === undefined ? 0 : 0.6 };
  };
}

function incidentsOf(random: () => number, minutes: number): Incident[] {
  const count = Math.max(1, Math.round(minutes / (5 * MINUTES_PER_DAY)));
  return Array.from({ length: count }, () => {
    const fromMinute = Math.floor(random() * minutes);
    return { fromMinute, toMinute: fromMinute + 10 + Math.floor(random() * 80), errorRatio: 0.005 + random() * 0.03 };
  });
}
