/** What the person at the terminal sees: one line when a step begins to matter, one when it ends. */

const HEARTBEAT_MS = 10_000;

let stream = process.stdout;

/** From now on progress goes to the error stream, because standard output belongs to a command's own answer. */
export function keepStdoutClean() {
  stream = process.stderr;
}

/** Descriptor of the stream on which progress is told. */
export function progressFd() {
  return stream.fd;
}

/** Prints one line of progress. */
export function say(line) {
  stream.write(`${line}\n`);
}

/** A failure whose text is meant for a person: printed alone, without a stack. */
export class Refusal extends Error {}

/** Elapsed seconds since an instant (ms), one decimal: `3.4 s`. */
export function elapsed(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}

/**
 * Runs one step and prints its name with the seconds it took. While it runs a line every ten seconds says that it
 * still does. `work` returns anything; a throw is passed on after the failure line.
 */
export async function step(name, work) {
  const startMs = Date.now();
  const heartbeat = setInterval(() => say(`  … ${name}: ${elapsed(startMs)}`), HEARTBEAT_MS);
  try {
    const result = await work();
    say(`  ok    ${name} (${elapsed(startMs)})`);
    return result;
  } catch (error) {
    say(`  FAIL  ${name} (${elapsed(startMs)})`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
