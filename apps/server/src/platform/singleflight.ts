/** Shares one running call among callers with the same key. A failure reaches those who waited and is then forgotten. */
export function createSingleflight<T>(): { run(key: string, fn: () => Promise<T>): Promise<T>; size(): number } {
  const flights = new Map<string, Promise<T>>();
  return {
    run(key, fn) {
      const running = flights.get(key);
      if (running) return running;
      const flight = fn().finally(() => flights.delete(key));
      flights.set(key, flight);
      return flight;
    },
    size: () => flights.size,
  };
}
