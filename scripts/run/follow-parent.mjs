/**
 * Preloaded into long-running children (`node --import`): when the process that started them is gone, however it went,
 * they ask themselves to stop, so that a killed terminal or a `kill -9` leaves no server behind.
 */
import { isMainThread } from 'node:worker_threads';

const POLL_MS = 1_000;

if (isMainThread) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, POLL_MS).unref();
}
