/** What whoever ends a key is told while the ledger cannot be written. */
export const LEDGER_PENDING =
  'The ledger of ended keys could not be written yet: until it is, restoring an older database brings back what ended. It is tried again every minute.';

/** Something that went wrong with a number of keys, and since when or at what instant (epoch ms). */
export interface LedgerEvent {
  keys: number;
  at: number;
}

/** The ledger of ended keys, as the replica that answers knows it. Instants are epoch ms. */
export interface LedgerView {
  /** Keys known to have ended. */
  ended: number;
  /** Those of them the ledger does not say, since it could not be written; null: it says all. */
  unwritten: LedgerEvent | null;
  /** Since when it can be neither read nor written, whichever fails; null: it works. */
  failingSince: number | null;
  /** Keys it lacked though they had ended long before: it was cut short, replaced, or is new where it lies. They were added. */
  lacked: LedgerEvent | null;
  /** Keys a restored database had brought back, which were stopped again. */
  revived: LedgerEvent | null;
  /** Whether it lies in the folder of the database, where one restore takes back both. */
  isBesideDatabase: boolean;
  /** When ledger and tables were compared last; null: not yet. */
  comparedAt: number | null;
  asOf: number;
}

/** What of the ledger asks for somebody. */
export interface LedgerNeed extends Pick<LedgerView, 'ended' | 'unwritten'> {
  failingSince: number;
}
