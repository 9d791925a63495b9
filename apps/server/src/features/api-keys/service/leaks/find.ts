import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  scanInSlices,
  scannerPatterns,
  type LeakCandidate,
  type LeakForm,
  type ScannerPatterns,
  type ScanOptions,
} from '@qd/shared/api-keys/scan';
import { platformsWith } from '@qd/shared/permissions';
import type { ReadDb } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { pepperedHashes, type Peppers } from '../../../../platform/pepper.ts';
import { selectKeysByHashes, selectScanFacts } from '../../queries/ending.ts';

/** Candidates hashed in one go and asked for in one statement. */
const CANDIDATES_AT_ONCE = 500;

/** Keys of ours in a text, and how much was looked at. */
export interface FoundKeys {
  /** Each key once; `line` is null where it does not stand in one as it is. */
  hits: { id: string; line: number | null; form: LeakForm }[];
  candidates: number;
  /** How many other texts are keys by their form: of another console, or long gone. */
  strangers: number;
}

/**
 * Finds keys of ours in a text, by hash alone, in slices of a few milliseconds between which other calls are answered. Throws
 * `invalid` for a text too long or with too many candidates.
 */
export async function findKeys(db: ReadDb, peppers: Peppers, text: string): Promise<FoundKeys> {
  const candidates = await scanned(text, { crc32, ...(await selectScanFacts(db)) });
  const hits = new Map<string, FoundKeys['hits'][number]>();
  const matches = await matchesOf(db, peppers, candidates);
  for (const { id, candidate } of matches) hits.set(id, { id, line: candidate.line, form: candidate.form });
  const ours = new Set(matches.map(({ candidate }) => candidate));
  return {
    hits: [...hits.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    candidates: candidates.length,
    strangers: candidates.filter((candidate) => candidate.isCertain && !ours.has(candidate)).length,
  };
}

const MASK = '(a key)';
/** What keys made elsewhere mostly look like. */
const token = /[0-9A-Za-z_-]{16,}/g;

/**
 * A line of words without the keys in it: every word that holds one of ours is left out, in whatever disguise, and where keys made
 * elsewhere are in use every token of 16 characters or more with a digit and a letter, too.
 */
export async function withoutKeys(db: ReadDb, peppers: Peppers, line: string): Promise<string> {
  const facts = await selectScanFacts(db);
  const matches = async (text: string) => matchesOf(db, peppers, await scanned(text, { crc32, ...facts }));
  let masked = line;
  for (const { candidate } of await matches(line)) masked = masked.replaceAll(candidate.text, MASK);
  const words: string[] = [];
  for (const word of masked.split(' ')) words.push((await matches(word)).length > 0 ? MASK : word);
  masked = words.join(' ');
  if (facts.opaque) masked = masked.replaceAll(token, (t) => (/\d/.test(t) && /[A-Za-z]/.test(t) ? MASK : t));
  return (await matches(masked)).length > 0 ? `${MASK}, with what stood around it` : masked;
}

/** Candidates that are keys of ours, by hash. */
async function matchesOf(
  db: ReadDb,
  peppers: Peppers,
  candidates: readonly LeakCandidate[],
): Promise<{ id: string; candidate: LeakCandidate }[]> {
  const matches: { id: string; candidate: LeakCandidate }[] = [];
  for (let from = 0; from < candidates.length; from += CANDIDATES_AT_ONCE) {
    const byHash = new Map(
      candidates
        .slice(from, from + CANDIDATES_AT_ONCE)
        .flatMap((candidate) =>
          pepperedHashes(peppers, candidate.text).map(
            (hash) => [Buffer.from(hash).toString('hex'), candidate] as const,
          ),
        ),
    );
    for (const { id, hash } of await selectKeysByHashes(db, [...byHash.keys()])) {
      const candidate = byHash.get(hash);
      if (candidate !== undefined) matches.push({ id, candidate });
    }
  }
  return matches;
}

/** Searches a text slice by slice, letting whatever else waits for the thread go first in between. */
async function scanned(text: string, options: ScanOptions): Promise<LeakCandidate[]> {
  const search = scanInSlices(text, options);
  for (let step = search.next(); ; step = search.next()) {
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

/** Expressions by which other scanners find keys of the platforms the caller may see. */
export async function leakPatterns(ctx: Pick<Ctx, 'db' | 'actor'>): Promise<ScannerPatterns> {
  const { prefixes } = await selectScanFacts(ctx.db, platformsWith(ctx.actor.grants, 'api-keys:read'));
  return scannerPatterns(prefixes);
}
