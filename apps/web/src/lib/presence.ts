const AWAY_AFTER_MS = 60_000;

let lastInputAt = 0;

/** Notes the signs of a person: keys, pointer, wheel, touch. Call once. */
export function watchPresence(target: Pick<EventTarget, 'addEventListener'>, now: () => number): void {
  lastInputAt = now();
  const note = (): void => {
    lastInputAt = now();
  };
  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    target.addEventListener(sign, note, { passive: true });
  }
}

/**
 * Headers of every request: ours, and whether nobody has touched the page for a minute. A page that refetches on its own
 * must not keep the session of someone who went home alive.
 */
export function requestHeaders(now: number): Record<string, string> {
  return now - lastInputAt > AWAY_AFTER_MS ? { 'x-qd': '1', 'x-qd-away': '1' } : { 'x-qd': '1' };
}
