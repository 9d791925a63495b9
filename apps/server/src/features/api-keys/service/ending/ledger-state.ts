import type { LedgerEvent } from '@qd/shared/api-keys/ending';

/** How the ledger fares in this replica. Instants are epoch ms. */
export interface LedgerState {
  /** Where it is, in words people can look it up by. */
  place: string;
  isBesideDatabase: boolean;
  /** Keys known to have ended. */
  ended: number;
  /** Keys it does not say yet. */
  unwritten: number;
  /** Why it cannot be read or written, and since when; null: it can. */
  failure: { message: string; since: number } | null;
  /** Keys it lacked at last though they had ended long before. */
  lacked: LedgerEvent | null;
  /** Keys a restored database had brought back at last. */
  revived: LedgerEvent | null;
  comparedAt: number | null;
}

/** Remembers how a ledger fares. */
export interface LedgerRecord {
  /** Does what reads the ledger, or writes it, and remembers whether that failed. */
  watch<T>(act: 'read' | 'write', work: () => Promise<T>): Promise<T>;
  lacked(keys: number): void;
  revived(keys: number): void;
  compared(): void;
  state(counts: Pick<LedgerState, 'ended' | 'unwritten'>): Omit<LedgerState, 'place' | 'isBesideDatabase'>;
}

/** A record over a clock. */
export function createLedgerRecord(now: () => Date): LedgerRecord {
  const failures: Record<'read' | 'write', LedgerState['failure']> = { read: null, write: null };
  const events: Pick<LedgerState, 'lacked' | 'revived'> = { lacked: null, revived: null };
  let comparedAt: number | null = null;
  const event = (keys: number): LedgerEvent => ({ keys, at: now().getTime() });
  return {
    async watch(act, work) {
      try {
        const result = await work();
        failures[act] = null;
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        failures[act] = { message, since: failures[act]?.since ?? now().getTime() };
        throw error;
      }
    },
    lacked: (keys) => void (events.lacked = event(keys)),
    revived: (keys) => void (events.revived = event(keys)),
    compared: () => void (comparedAt = now().getTime()),
    state: (counts) => ({
      ...counts,
      failure: failures.write ?? failures.read,
      ...events,
      comparedAt,
    }),
  };
}
