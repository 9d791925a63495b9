import type { KeyRefusal } from '@qd/shared/api-keys';
import type { Ctx } from '../../../../platform/context.ts';
import type { KeyOrigin } from '../../../../platform/http-auth.ts';
import type { OwnedKey } from '../../queries/verified-key.ts';
import type { KeyUsage } from '../key-usage.ts';
import { holds, type KeyJudgement } from './judge.ts';
import { createKeyNotes, type KeyNotes } from './refusal-notes.ts';

/** One presentation of a key of ours, and what became of it. */
export interface Presented {
  found: OwnedKey;
  from: KeyOrigin;
  /** What it was to be used for. */
  wanted: string | null;
  judged: KeyJudgement;
  atMs: number;
}

/** Counts and notes what became of presented keys. */
export interface Recorder {
  record(presented: Presented): Promise<void>;
  note: KeyNotes['note'];
  /** Stores what was counted and noted since the last call. */
  flush(): Promise<void>;
}

/** Every presentation is counted; refusals are noted for the log, but for those of a limit, which come by the thousand. */
export function createRecorder(
  deps: Pick<Ctx, 'db' | 'hub' | 'now' | 'log'> & { onVerdict?(outcome: 'ok' | KeyRefusal): void },
  usage: KeyUsage,
): Recorder {
  const notes = createKeyNotes(deps);
  return {
    note: notes.note,
    async flush() {
      await notes.flush();
      await usage.flush();
    },
    async record(presented) {
      const { found, from, wanted, judged, atMs } = presented;
      const outcome = outcomeOf(presented);
      deps.onVerdict?.(outcome);
      // The key that measures revocation is presented hundreds of times a minute.
      if (found.key.isProbe) return;
      const scope = outcome === 'ok' ? wanted : null;
      await usage.note(found.key, { atMs, address: from.address, agent: from.agent ?? null, outcome, scope });
      if (judged.reason === null || judged.reason === 'rate_limited') return;
      const details = { reason: judged.reason };
      notes.note(found, from, { action: 'api-keys.verified', category: 'authentication', details });
    },
  };
}

/** Calls to the console itself are let in first and refused by what they need then; either way the key lacked the scope. */
function outcomeOf({ judged, wanted }: Presented): 'ok' | KeyRefusal {
  if (judged.reason !== null) return judged.reason;
  return wanted === null || holds(judged.scopes, wanted) ? 'ok' : 'scope';
}
