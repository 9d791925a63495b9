import type { KeyObject } from 'node:crypto';
import type { PeppersView } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { platformsWith } from '@qd/shared/permissions';
import type { Ctx } from '../../../platform/context.ts';
import { derivePepper, pepperedHash, pepperOf, type Pepper, type Peppers } from '../../../platform/pepper.ts';
import { ingest } from '../../../platform/write.ts';
import {
  countLiveByPepper,
  countPeppered,
  insertPepperFact,
  selectPepperFacts,
  selectStragglers,
  type PepperFact,
} from '../queries/peppers.ts';

/** The secrets peppers are made of, as the configuration gives them. */
export interface PepperSecrets {
  encryptionPassword: string;
  /** API_KEY_PEPPER and API_KEY_PEPPER_PREVIOUS. */
  pepper?: string | undefined;
  previous?: string | undefined;
}

/** A secret of the configuration, not yet known to be any version's. */
interface Candidate {
  key: KeyObject;
  fingerprint: string;
}

/**
 * The peppers of this console, each with the version keys were hashed under. Versions are told by fingerprints that are stored
 * and tell nothing about the pepper. A current pepper nobody has seen becomes the next version. Throws `precondition` when live
 * keys depend on a pepper the configuration does not give: one clear message at start instead of every machine being refused.
 */
export async function openPeppers(ctx: Pick<Ctx, 'db' | 'now'>, secrets: PepperSecrets): Promise<Peppers> {
  const derived = candidateOf(derivePepper(secrets.encryptionPassword));
  const own = secrets.pepper === undefined ? null : candidateOf(pepperOf(secrets.pepper));
  const previous = secrets.previous === undefined ? null : candidateOf(pepperOf(secrets.previous));
  const current = own ?? derived;
  const given = [current, ...(previous === null ? [] : [previous]), derived];
  const known = await selectPepperFacts(ctx.db);
  await assertComplete(ctx, { known, given, secrets });
  // The previous one may be the next one, made known to all replicas before any of them uses it.
  for (const { fingerprint } of previous === null ? [current] : [current, previous]) await register(ctx, fingerprint);
  return inUse(await selectPepperFacts(ctx.db), given);
}

/** Peppers of one key only, for a console whose tables hold nothing yet. */
export function onlyPepper(key: KeyObject, version = 1): Peppers {
  const current = { version, key };
  return { current, all: [current] };
}

function candidateOf(key: KeyObject): Candidate {
  const fingerprint = Buffer.from(pepperedHash({ key }, 'quarterdeck pepper fingerprint')).toString('hex').slice(0, 32);
  return { key, fingerprint };
}

async function assertComplete(
  ctx: Pick<Ctx, 'db' | 'now'>,
  of: { known: readonly PepperFact[]; given: readonly Candidate[]; secrets: PepperSecrets },
): Promise<void> {
  const missing: { version: number; keys: number }[] = [];
  for (const used of await countLiveByPepper(ctx.db, ctx.now())) {
    const fact = of.known.find((f) => f.version === used.version);
    // Without a fingerprint the first start of this version makes one, as it always did.
    if (fact !== undefined && !of.given.some((c) => c.fingerprint === fact.fingerprint)) missing.push(used);
  }
  if (missing.length > 0) throw new DomainError('precondition', lossOf(missing, of.secrets));
}

/** What is missing, how much depends on it, and which variable brings it back. */
function lossOf(missing: readonly { version: number; keys: number }[], secrets: PepperSecrets): string {
  const which = missing
    .map(({ version, keys }) => `${keys} API ${keys === 1 ? 'key' : 'keys'} under pepper v${version}`)
    .join(', ');
  const remedy =
    secrets.pepper === undefined
      ? 'ENCRYPTION_PASSWORD is not the one the API keys were made with, or API_KEY_PEPPER was set and is no longer: set the former one again'
      : 'Set API_KEY_PEPPER_PREVIOUS to the former API_KEY_PEPPER, and ENCRYPTION_PASSWORD to what it was while there was none';
  return `${remedy}, or revoke all keys first. Not to be checked: ${which}.`;
}

/** Makes an unknown fingerprint the next version; other replicas may do the same at this moment. */
async function register(ctx: Pick<Ctx, 'db' | 'now'>, fingerprint: string): Promise<void> {
  for (;;) {
    const known = await selectPepperFacts(ctx.db);
    if (known.some((f) => f.fingerprint === fingerprint)) return;
    const fact = { version: (known.at(-1)?.version ?? 0) + 1, fingerprint, since: ctx.now() };
    if (await ingest(ctx, (tx) => insertPepperFact(tx, fact))) return;
  }
}

function inUse(facts: readonly PepperFact[], given: readonly Candidate[]): Peppers {
  const all = given.flatMap((candidate): Pepper[] => {
    const fact = facts.find((f) => f.fingerprint === candidate.fingerprint);
    return fact === undefined ? [] : [{ version: fact.version, key: candidate.key }];
  });
  const [current] = all;
  if (current === undefined) throw new Error('the current pepper was given no version');
  return { current, all: all.filter((p, i) => all.findIndex((q) => q.version === p.version) === i) };
}

/** How many live keys are under the current pepper, and which are not yet, on the platforms where the caller may see keys. */
export async function readPeppers(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  { peppers }: { peppers: Peppers },
  page: { cursor?: string | undefined; limit: number },
): Promise<PeppersView> {
  const now = ctx.now();
  const of = { version: peppers.current.version, platforms: platformsWith(ctx.actor.grants, 'api-keys:read'), now };
  const [facts, counted, found] = await Promise.all([
    selectPepperFacts(ctx.db),
    countPeppered(ctx.db, of),
    selectStragglers(ctx.db, { ...of, afterId: page.cursor ?? null, limit: page.limit }),
  ]);
  const shown = found.slice(0, page.limit);
  return {
    current: of.version,
    since: facts.find((f) => f.version === of.version)?.since.getTime() ?? null,
    keys: counted.keys,
    moved: counted.current,
    stragglers: shown.map((key) => ({ ...key, lastUsedAt: key.lastUsedAt?.getTime() ?? null })),
    nextCursor: found.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
    asOf: now.getTime(),
  };
}
