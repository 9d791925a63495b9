import { DomainError } from '@qd/shared/errors';
import { describeFaults, readConfig } from './config.ts';
import { redactText } from './platform/logger.ts';
import { serve } from './serve.ts';

const say = (words: string): void => void process.stdout.write(`${words}\n`);
const fail = (words: string): void => void process.stderr.write(`${redactText(words)}\n`);

/** An unforeseen fault: its first line only, since the embedded store's errors carry its whole source. */
function collapse(error: unknown): void {
  fail(`Quarterdeck stopped: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
  process.exit(1);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  fail(`Node ${process.versions.node} is too old. Install Node 22.22 or newer, or start with \`npm start\`.`);
  process.exit(1);
}

process.on('uncaughtException', collapse);
process.on('unhandledRejection', collapse);

const read = readConfig(process.env);
if ('faults' in read) {
  fail(describeFaults(read.faults));
  process.exit(1);
}

const starting = serve(read.config, say);
let stopping = false;
const stop = (): void => {
  // A second Ctrl-C means now.
  if (stopping) process.exit(130);
  stopping = true;
  starting.then((running) => running.stop()).then(() => process.exit(0), collapse);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

try {
  await starting;
} catch (error) {
  if (error instanceof DomainError) {
    fail(error.message);
    process.exit(1);
  }
  collapse(error);
}
