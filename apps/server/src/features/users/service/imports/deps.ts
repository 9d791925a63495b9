import { randomBytes } from 'node:crypto';
import type { Topic } from '../../../../platform/hub.ts';
import type { Sealing } from '../../../../platform/sealing.ts';

/** What imports need besides the context. */
export interface ImportsDeps {
  /** Seals the links of invitations; null where no mail server is configured, and none can be sent. */
  mail: { sealing: Sealing } | null;
}

/** Without `mail` no invitations can be sent. */
export function createImportsDeps(mail: ImportsDeps['mail'] = null): ImportsDeps {
  return { mail };
}

/** Rows handled at once: few statements, and the event loop is free in between (measured best from 500 to 5,000). */
export const BATCH_ROWS = 2_000;

/** A fresh id with its type in front. */
export function newImportId(type: 'imp' | 'inv'): string {
  return `${type}_${randomBytes(9).toString('base64url')}`;
}

/** Gives a fresh id with its type in front. */
export type ImportIds = (type: 'usr' | 'grt' | 'mem') => string;

/** Room for as many ids as rows and roles of any file. */
const COUNTER_DIGITS = 5;

/**
 * Ids of one step of one import: 48 random bits, then a number that rises. What is stored one after the other stands side by
 * side in the indexes, which takes a seventh less work than ids at random.
 */
export function createImportIds(): ImportIds {
  const run = randomBytes(6).toString('base64url');
  let count = 0;
  return (type) => {
    count += 1;
    return `${type}_${run}${count.toString(36).padStart(COUNTER_DIGITS, '0')}`;
  };
}

const TOLD_EVERY_MS = 1_000;

/** Tells open pages how far an import is, once a second at most: every telling makes them ask again. `note` comes first. */
export function progressTeller(
  ctx: { hub: { publish(topic: Topic): void }; now(): Date },
  note: (rowsDone: number) => Promise<void> = () => Promise.resolve(),
): (rowsDone: number) => Promise<void> {
  let lastMs = 0;
  return async (rowsDone) => {
    const nowMs = ctx.now().getTime();
    if (nowMs - lastMs < TOLD_EVERY_MS) return;
    lastMs = nowMs;
    await note(rowsDone);
    ctx.hub.publish('users');
  };
}
