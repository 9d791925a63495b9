import { MINUTE_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import type { KeyOrigin } from '../../../../platform/http-auth.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import type { VerifiedKey } from '../../queries/verified-key.ts';

const REPEAT_MS = MINUTE_MS;
const REMEMBERED = 5_000;
/** Notes that may wait to be stored: keys of ours that were refused within one flush, which is ten seconds. */
const WAITING = 500;

/** What is to be put into the log about known keys. */
export interface KeyNotes {
  /**
   * Notes something about a known key, the same at most once a minute. Writes nothing yet: whoever presents a key is answered as
   * fast as for one that nobody knows.
   */
  note(found: { key: NotedKey }, from: KeyOrigin, entry: AuditEntry): void;
  /** Puts what was noted into the log, as of when it was noted. Never throws: a note that cannot be stored is told of. */
  flush(): Promise<void>;
}

type NotedKey = Pick<VerifiedKey, 'id' | 'name' | 'platform'>;

interface Waiting {
  key: NotedKey;
  from: KeyOrigin;
  entry: AuditEntry;
  at: Date;
}

/** Notes kept in memory between two flushes: at most those of ten seconds are lost when the process is killed. */
export function createKeyNotes(ctx: Pick<Ctx, 'db' | 'hub' | 'now' | 'log'>): KeyNotes {
  const noted = new LRUCache<string, number>({ max: REMEMBERED });
  let waiting: Waiting[] = [];
  let lost = 0;

  async function store({ key, from, entry, at }: Waiting): Promise<void> {
    const { id, platform } = key;
    const stamp = { requestId: from.requestId, actor: keyActor(key, from), now: () => at };
    try {
      await write({ ...ctx, ...stamp }, async (_tx, record) =>
        record({
          ...entry,
          status: 'denied',
          platform: platform === '*' ? null : platform,
          target: { kind: 'api-key', id },
        }),
      );
    } catch (error) {
      ctx.log.error({ err: error, kid: id }, 'a refused key could not be recorded');
    }
  }

  return {
    note({ key: { id, name, platform } }, from, entry) {
      const repeat = JSON.stringify([id, entry.action, entry.details]);
      const at = ctx.now();
      if (at.getTime() - (noted.get(repeat) ?? 0) < REPEAT_MS) return;
      if (waiting.length >= WAITING) {
        lost += 1;
        return;
      }
      noted.set(repeat, at.getTime());
      waiting.push({ key: { id, name, platform }, from, entry, at });
    },
    async flush() {
      const taken = waiting;
      waiting = [];
      if (lost > 0) ctx.log.warn({ notes: lost }, 'refused keys were not recorded: too many wait to be stored');
      lost = 0;
      for (const one of taken) await store(one);
    },
  };
}

/** The machine behind a key, allowed nothing. */
export function keyActor(key: { id: string; name: string }, from: { address: string | null }): Actor {
  return {
    kind: 'key',
    id: key.id,
    email: null,
    name: key.name,
    role: null,
    grants: [],
    sessionId: null,
    address: from.address,
  };
}
