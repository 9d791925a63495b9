import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Knows whether the running code is inside a transaction's callback.
 * The outer database must not be used there: the embedded store has one connection and would wait for
 * itself for ever, and a small Postgres pool would do the same under load.
 */
export interface TransactionScope {
  /** Runs `fn` as the inside of a transaction. */
  run<T>(fn: () => Promise<T>): Promise<T>;
  /** Throws when called from inside an open transaction. */
  assertOutside(): void;
}

export function createTransactionScope(): TransactionScope {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  return {
    run: (fn) => {
      const state = { open: true };
      return inside.run(state, fn).finally(() => {
        state.open = false;
      });
    },
    assertOutside: () => {
      if (inside.getStore()?.open) {
        throw new Error(
          'The outer database was used inside a transaction and would wait for itself; use the tx handed to the callback.',
        );
      }
    },
  };
}
