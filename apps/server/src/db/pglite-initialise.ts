import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workerFile } from './pglite-worker-file.ts';

const UNFINISHED = 'pg.init-';

/**
 * Creates an empty cluster as `<folder>/pg`. It is made beside its place and renamed when complete, so that a kill
 * meanwhile leaves no half of one; and in a process of its own, because it takes far more memory than the server ever
 * does again, and only the end of a process gives all of that back.
 */
export async function initialiseCluster(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
  // A name of its own: the process of a start that was killed may still be writing under the last one.
  const unfinished = join(folder, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  try {
    await runInitialisation(unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  renameSync(unfinished, join(folder, 'pg'));
  syncFolder(folder);
}

async function runInitialisation(dataDir: string): Promise<void> {
  // Its input ends when this process does, however it does; it then ends itself.
  const child = spawn(process.execPath, [workerFile(), dataDir], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 2_000);
  });
  const ended = Promise.withResolvers<string>();
  child.on('error', ended.reject);
  child.on('close', (code, signal) => ended.resolve(String(signal ?? code)));
  const how = await ended.promise;
  if (how !== '0') throw new Error(`creating it ended with ${how}: ${complaint.trim().split('\n')[0] ?? ''}`);
}

/** Brings the new name to the disk before anything is written under it. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}
