import type { Tombstone } from '../../../../adapters/tombstones/port.ts';

/** What tombstones say together: each thing once, and of a key that ended only that. */
export interface Sayings {
  /** True when it is said already, or more than it. */
  has(tombstone: Tombstone): boolean;
  add(tombstone: Tombstone): void;
  findByHash(hashes: readonly string[]): Tombstone | null;
  findById(id: string): Tombstone | null;
  all(): Tombstone[];
  /** Keys that have ended, each once. */
  ended(): Tombstone[];
  /** Quarantines nobody was released from, of keys that have not ended. */
  quarantined(): Tombstone[];
  /** Claim links that were used. */
  drawn(): Tombstone[];
}

/** Gathers what tombstones say. */
export function gatherSayings(tombstones: readonly Tombstone[] = []): Sayings {
  const ends = new Map<string, Tombstone>();
  const byHash = new Map<string, Tombstone>();
  const quarantines = new Map<string, Tombstone>();
  const releases = new Map<string, Tombstone>();
  const draws = new Map<string, Tombstone>();

  const has = (tombstone: Tombstone): boolean => {
    const { id, kind } = tombstone;
    if (kind === 'quarantined') return quarantines.has(episodeOf(tombstone));
    if (kind === 'released') return releases.has(episodeOf(tombstone));
    if (kind === 'drawn') return draws.has(id);
    const said = ends.get(id)?.kind;
    return said === 'revoked' || said === kind;
  };
  const add = (tombstone: Tombstone): void => {
    const { id, hash, kind } = tombstone;
    if (has(tombstone)) return;
    if (kind === 'quarantined') quarantines.set(episodeOf(tombstone), tombstone);
    else if (kind === 'released') releases.set(episodeOf(tombstone), tombstone);
    else if (kind === 'drawn') draws.set(id, tombstone);
    else {
      ends.set(id, tombstone);
      if (hash !== null) byHash.set(hash, tombstone);
    }
  };
  for (const tombstone of tombstones) add(tombstone);

  return {
    has,
    add,
    findByHash: (hashes) => hashes.map((hash) => byHash.get(hash)).find((found) => found !== undefined) ?? null,
    findById: (id) => ends.get(id) ?? null,
    all: () => [...ends.values(), ...quarantines.values(), ...releases.values(), ...draws.values()],
    ended: () => [...ends.values()],
    drawn: () => [...draws.values()],
    quarantined: () =>
      [...quarantines].filter(([episode, { id }]) => !releases.has(episode) && !ends.has(id)).map(([, open]) => open),
  };
}

function episodeOf({ id, at }: Tombstone): string {
  return `${id} ${at}`;
}
