import { setTimeout as delay } from 'node:timers/promises';
import { residentBytes } from '../measure/cpu.ts';
import { notMeasured, within, type Report, type Row } from '../report/rows.ts';
import type { Stage } from '../stage.ts';
import { freshClone, npmStart, npmStop, serverPidOf } from './clone.ts';

const IDLE_MS = 60_000;

/** What a newcomer waits for: `npm start` on a fresh clone, again on the same folder, and the memory of the idle server. */
export async function startBench(stage: Stage): Promise<Report> {
  const clone = await freshClone(stage.scratch);
  const report = (rows: Row[], figures: Record<string, unknown> = {}): Report => ({
    bench: 'start',
    title: 'npm start on this machine',
    measured: [
      'A clone of the committed state, empty npm and pnpm caches, empty data folder; from the command to the first byte of the first page.',
      'Cold includes download, install, build, the embedded database and its demo. The one bench that uses the package registry.',
    ],
    rows,
    figures,
  });
  stage.say('npm start on a fresh clone');
  let cold;
  try {
    cold = await npmStart(clone);
  } catch (error) {
    return report([notMeasured('cold start', String(error).slice(0, 300))]);
  }
  const coldSteps = cold.npm.output().match(/^ {2}ok .*$/gm) ?? [];
  await npmStop(cold);
  stage.say('npm start again');
  const warm = await npmStart(clone);
  stage.say(`Leaving it alone for ${IDLE_MS / 1_000} s`);
  await delay(IDLE_MS);
  const idleBytes = residentBytes(serverPidOf(warm.npm.pid));
  await npmStop(warm);
  return report(
    [
      within('cold: fresh clone to first byte', cold.firstByteMs / 1_000, 's'),
      ...coldSteps.map(partOf),
      within('warm: to first byte', warm.firstByteMs / 1_000, 's', 5),
      within('idle memory of the embedded server after 60 s', idleBytes / 2 ** 20, 'MiB', 350),
    ],
    { coldMs: cold.firstByteMs, warmMs: warm.firstByteMs, idleBytes, coldSteps },
  );
}

/** A line of progress such as `  ok    packages (9.1 s)` as a line of the table. */
function partOf(step: string): Row {
  const [, what = step, seconds] = /^ {2}ok\s+(.*) \((\S+) s\)$/.exec(step) ?? [];
  return within(`  of it ${what}`, Number(seconds), 's');
}
