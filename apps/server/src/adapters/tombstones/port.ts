/**
 * `revoked` for ever; `ended` by a rotation, as final; `quarantined` from an instant on; `released` from the quarantine that began at
 * that instant. `drawn` is said of a claim link, by its own id: it was used, and draws no second key.
 */
export const tombstoneKinds = ['revoked', 'ended', 'quarantined', 'released', 'drawn'] as const;
export type TombstoneKind = (typeof tombstoneKinds)[number];

/** That a key was stopped, kept outside the database so that no restored copy of it brings the key back. */
export interface Tombstone {
  /** The public id of the key, or of the link. */
  id: string;
  /** Keyed hash of the key in hex; null for one that was never drawn, and for links. */
  hash: string | null;
  pepperVersion: number;
  kind: TombstoneKind;
  /** When it was stopped (epoch ms); of a release the instant the quarantine began. */
  at: number;
}

/** A line nobody can rely on: cut off while it was written, or not written by this console. */
export interface TombstoneFault {
  /** From 1. */
  line: number;
  kind: 'torn' | 'altered';
}

/** The ledger of keys that were stopped. It is added to and never rewritten. */
export interface Tombstones {
  /** Where it is, in words people can look it up by. */
  readonly place: string;
  /** Adds tombstones, on durable storage when this returns. The same one may be added more than once. */
  append(tombstones: readonly Tombstone[]): Promise<void>;
  /** Everything that was added, in order; lines that cannot be relied on are named and left out. */
  read(): Promise<{ tombstones: Tombstone[]; faults: TombstoneFault[] }>;
  /** Another one whenever the ledger changed in any way: added to, cut short, put in place of, deleted. */
  version(): Promise<string>;
}
