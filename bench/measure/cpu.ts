import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc/<pid>/stat: fixed to 100 in Linux's interface. */
const TICK_MS = 10;

/** CPU time (ms) processes have used so far; NaN where the machine does not tell. */
export type CpuClock = () => Promise<number>;

/** User and system time of one process with all its threads, in ms since it started; NaN when it cannot be read. */
export function processCpuMs(pid: number): number {
  try {
    return scheduledMs(pid);
  } catch {
    return tickedMs(pid);
  }
}

/** Exact to the nanosecond, but only for threads that still live. */
function scheduledMs(pid: number): number {
  let ns = 0n;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    ns += BigInt(ran);
  }
  return Number(ns) / 1e6;
}

function tickedMs(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the command, which may itself hold blanks; utime and stime are the 14th and 15th of the line.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}

/** CPU of a fixed set of processes. */
export function clockOf(...pids: readonly number[]): CpuClock {
  return () => Promise.resolve(pids.reduce((sum, pid) => sum + processCpuMs(pid), 0));
}

/** CPU of several clocks together. */
export function clockOfAll(...clocks: readonly CpuClock[]): CpuClock {
  return async () => {
    let sum = 0;
    for (const clock of clocks) sum += await clock();
    return sum;
  };
}

/** Resident memory of a process in bytes; NaN when it cannot be read. */
export function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1_024;
  } catch {
    return Number.NaN;
  }
}
