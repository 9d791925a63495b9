import { crc32 } from 'node:zlib';
import { candidateOf, type KeyRefusal } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Kv } from '../../../adapters/kv/port.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { KeyOrigin, KeyVerifier } from '../../../platform/http-auth.ts';
import type { Peppers } from '../../../platform/pepper.ts';
import type { OwnedKey, VerifiedKey } from '../queries/verified-key.ts';
import { createKeyMemory } from './key-memory.ts';
import { createKeyUsage, type OnFirstUse } from './key-usage.ts';
import type { EffectiveScopes } from './verify/effective.ts';
import { judgeKey, type KeyJudgement, type KeyQuestion } from './verify/judge.ts';
import { keptOrigin } from './verify/origin.ts';
import { createRateLimits, type RateState } from './verify/rates.ts';
import { createRecorder } from './verify/recorder.ts';
import { keyActor } from './verify/refusal-notes.ts';
import { createRehash } from './verify/rehash.ts';
import type { StoreClock } from './verify/store-clock.ts';

/** What verifying works with. */
export interface VerifierDeps extends Pick<Ctx, 'db' | 'hub' | 'now' | 'log'> {
  /** Counts calls against limits, together with other replicas. */
  kv: Pick<Kv, 'increment'>;
  /** Time by the database; left out where that is the replica's own. */
  storeClock?: StoreClock | undefined;
  onVerdict?(outcome: 'ok' | KeyRefusal): void;
  onLookup?(source: 'memory' | 'database'): void;
  onFirstUse?: OnFirstUse;
}

/** A question a platform asks about a key it was shown. */
export interface KeyInquiry extends Omit<KeyQuestion, 'address'> {
  from: KeyOrigin;
  /** Platforms whose keys the asker may ask about; a key of another one is unknown to them. */
  platforms: '*' | readonly string[];
}

/** The answer to it. */
export type KeyVerdict =
  | { valid: true; key: VerifiedKey; scopes: EffectiveScopes; rate: RateState | null }
  | { valid: false; reason: KeyRefusal; retryAfterSeconds?: number | undefined };

/** Verifies presented keys without writing. */
export interface Keys extends KeyVerifier {
  /** Whether a key somebody else was shown is valid for what is asked. */
  inquire(text: string, asked: KeyInquiry): Promise<KeyVerdict>;
  /** Judges a key as `inquire` does, but leaves no trace and uses nothing of its limit: for people who look into one. */
  examine(text: string, asked: KeyQuestion): Promise<KeyVerdict>;
  /** Sets the clock deadlines are judged by, after the database's; call every ten seconds. */
  compareClock(): Promise<void>;
  /** Time by the database, by which keys end. */
  now(): Date;
  /** Stores how keys were used, and which were refused, since the last call; call every ten seconds and before the process ends. */
  flushUsage(): Promise<void>;
}

/** A verifier over the database. Its memory is emptied by changes in any replica; see `createKeyMemory`. */
export function createKeys(deps: VerifierDeps, peppers: Peppers): Keys {
  const clock = deps.storeClock?.now ?? deps.now;
  const recall = createKeyMemory({ ...deps, clock }, peppers);
  const { record, note, flush } = createRecorder(deps, createKeyUsage(deps, deps.onFirstUse));
  const rehash = createRehash(deps, peppers);
  const limits = createRateLimits(deps.kv, deps.log);

  async function find(text: string, from: KeyOrigin): Promise<OwnedKey | null> {
    const candidate = candidateOf(text, crc32);
    const found = candidate === null ? null : await recall(text);
    if (found === null) {
      deps.onVerdict?.('unknown');
      // Guesses are no news: only what is well formed is noted, and of it the id alone.
      if (candidate?.format === 'v2') deps.log.info({ kid: candidate.kid, address: from.address }, 'unknown API key');
    } else rehash.note(found.key, text);
    return found;
  }

  async function judge(found: OwnedKey, from: KeyOrigin, asked: Omit<KeyQuestion, 'address'>): Promise<KeyJudgement> {
    const atMs = clock().getTime();
    const judged = await judgeKey(found, { ...asked, address: from.address }, { limits, nowMs: atMs });
    await record({ found, from, wanted: asked.permission ?? from.permission ?? null, judged, atMs });
    return judged;
  }

  return {
    async verify(text, origin) {
      const from = keptOrigin(origin, text);
      const found = await find(text, from);
      if (found === null) return null;
      const judged = await judge(found, from, {});
      if (judged.reason === 'rate_limited') throw tooMany(judged.retryAfterSeconds);
      if (judged.reason !== null) return null;
      const { key } = found;
      return { ...keyActor(key, from), grants: [{ platform: key.platform, permissions: judged.scopes.console }] };
    },
    async inquire(text, { from: origin, platforms, ...asked }) {
      const from = keptOrigin(origin, text);
      const found = await find(text, from);
      if (found === null || !mayAskAbout(found.key, platforms)) return { valid: false, reason: 'unknown' };
      return verdictOf(found, await judge(found, from, asked));
    },
    async examine(text, asked) {
      const found = candidateOf(text, crc32) === null ? null : await recall(text);
      if (found === null) return { valid: false, reason: 'unknown' };
      return verdictOf(found, await judgeKey(found, asked, { limits: null, nowMs: clock().getTime() }));
    },
    async reportExposed(text, origin) {
      const from = keptOrigin(origin, text);
      const found = await find(text, from);
      if (found === null || found.key.revokedAt !== null) return;
      const details = { where: 'address of a request', remedy: 'revoke the key and make a new one' };
      note(found, from, { action: 'api-keys.exposed', category: 'authentication', level: 'critical', details });
    },
    now: clock,
    compareClock: async () => deps.storeClock?.measure(),
    async flushUsage() {
      await flush();
      await rehash.flush();
    },
  };
}

function verdictOf({ key }: OwnedKey, judged: KeyJudgement): KeyVerdict {
  return judged.reason === null
    ? { valid: true, key, scopes: judged.scopes, rate: judged.rate }
    : { valid: false, reason: judged.reason, retryAfterSeconds: judged.retryAfterSeconds };
}

/** A key for all platforms is for each of them. */
function mayAskAbout(key: VerifiedKey, platforms: '*' | readonly string[]): boolean {
  return platforms === '*' || key.platform === '*' || platforms.includes(key.platform);
}

function tooMany(retryAfterSeconds = 1): DomainError {
  return new DomainError('rate_limited', 'This key has used up its calls for this minute; wait, or raise its limit.', {
    retryAfterSeconds,
  });
}
