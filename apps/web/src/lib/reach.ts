import { useSyncExternalStore } from 'react';

export interface Reach {
  /** Epoch ms since which no answer came; null while the server answers. */
  lostSince: number | null;
  /** Epoch ms of the last answer of any kind. */
  lastAnswerAt: number | null;
}

let reach: Reach = { lostSince: null, lastAnswerAt: null };
const listeners = new Set<() => void>();

function set(next: Reach): void {
  const changed = next.lostSince !== reach.lostSince;
  reach = next;
  if (changed) for (const listener of listeners) listener();
}

/** Call with every answer, good or bad: someone is there. */
export function noteAnswer(atMs: number): void {
  set({ lostSince: null, lastAnswerAt: atMs });
}

/** Call when a request got no answer at all. */
export function noteSilence(atMs: number): void {
  set({ ...reach, lostSince: reach.lostSince ?? atMs });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the server answers, and since when it does not. */
export function useReach(): Reach {
  return useSyncExternalStore(subscribe, () => reach);
}
