import { MINUTE_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Denial } from './access.ts';
import type { Ctx } from './context.ts';
import { recordDenied } from './write.ts';

const REPEAT_MS = MINUTE_MS;
const REMEMBERED = 10_000;

/** Notes a refused call in the audit log. Never fails: the refusal itself must reach the caller. */
export type DenialLog = (ctx: Ctx, denial: Denial, path: string) => Promise<void>;

/**
 * Records refusals, the same one (who, what, where) at most once a minute with the number of repeats left out before:
 * a script that is refused a thousand times a second must not fill the log.
 */
export function createDenialLog(): DenialLog {
  const seen = new LRUCache<string, { atMs: number; leftOut: number }>({ max: REMEMBERED });
  return async (ctx, denial, path) => {
    const { actor } = ctx;
    const key = JSON.stringify([actor.kind, actor.id ?? actor.address, path, denial.platform]);
    const nowMs = ctx.now().getTime();
    const last = seen.get(key);
    if (last && nowMs - last.atMs < REPEAT_MS) {
      last.leftOut += 1;
      return;
    }
    seen.set(key, { atMs: nowMs, leftOut: 0 });
    try {
      await recordDenied(ctx, {
        action: actionOf(path),
        category: 'authorization',
        platform: denial.platform,
        details: { permission: denial.permission, ...(last && last.leftOut > 0 ? { repeats: last.leftOut } : {}) },
      });
    } catch (error) {
      ctx.log.error({ err: error, path }, 'a refusal could not be recorded');
    }
  };
}

/** A procedure's path is already `feature.verb`. */
function actionOf(path: string): `${string}.${string}` {
  const [feature, ...verb] = path.split('.');
  return `${feature ?? 'unknown'}.${verb.join('.') || 'called'}`;
}
