import { randomBytes } from 'node:crypto';
import type { Topic } from '../../../../platform/hub.ts';

/** What imports need besides the context: which uploads and commits run in this process, and how far they are. */
export interface ImportsDeps {
  /** Rows done of commits that run here, by import. */
  committing: Map<string, number>;
  /** Uploads that run here. */
  uploads: Set<string>;
}

/** Nothing is running yet. */
export function createImportsDeps(): ImportsDeps {
  return { committing: new Map(), uploads: new Set() };
}

/** Rows handled at once: few statements, and the event loop is free in between (measured best from 500 to 5,000). */
export const BATCH_ROWS = 2_000;

/** A fresh id with its type in front. */
export function newImportId(type: 'imp' | 'usr' | 'grt' | 'mem'): string {
  return `${type}_${randomBytes(9).toString('base64url')}`;
}

const TOLD_EVERY_MS = 1_000;

/** Tells open pages how far an import is, once a second at most: every telling makes them ask again. */
export function progressTeller(ctx: { hub: { publish(topic: Topic): void }; now(): Date }): () => void {
  let lastMs = 0;
  return () => {
    const nowMs = ctx.now().getTime();
    if (nowMs - lastMs < TOLD_EVERY_MS) return;
    lastMs = nowMs;
    ctx.hub.publish('users');
  };
}
