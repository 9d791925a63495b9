import { readFile, stat } from 'node:fs/promises';
import { DomainError } from '@qd/shared/errors';
import { MAX_IMPORT_BYTES } from '@qd/shared/users';
import { isFileVerification } from './cli/audit.ts';
import { configCommand } from './cli/config.ts';
import type { CliIo } from './cli/io.ts';
import { openOutFile, type OutFile } from './cli/keys/out-file.ts';
import { isOfflineScan, scannedFile } from './cli/keys/scan.ts';
import { packFile } from './cli/packed-file.ts';
import { buildProgram, runProgram } from './cli/program.ts';
import type { CliConsole } from './cli/tools.ts';
import { describeFaults, readConfig, type Config } from './config.ts';
import { openContainer } from './container.ts';
import { askConsole, controlPath, type ControlRequest } from './platform/control-socket.ts';
import { createLogger, redactText } from './platform/logger.ts';
import { createServices } from './services.ts';

// `qd … | head` closes the pipe early; that is how it is meant, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

/** The file a command named for its output, where it did. */
let outFile: OutFile | null = null;

const io: CliIo = {
  out: (text) => void (outFile === null ? process.stdout.write(text) : outFile.write(text)),
  err: (text) => void process.stderr.write(redactText(text)),
  readFile: (path) => (path === '-' ? readAll(process.stdin) : readFile(path, 'utf8')),
};

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function configOrExit(): Config {
  const read = readConfig(process.env);
  if ('config' in read) return read.config;
  io.err(`${describeFaults(read.faults)}\n`);
  process.exit(1);
}

/** Files named by -f or --file, and the standard input where a command about keys names it, read here: the running console may not see the caller's folder. */
async function attachments(argv: readonly string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const i of argv.keys()) {
    const named = isImport(argv) ? importedFile(argv, i) : namedFile(argv, i);
    if (named === undefined || named in files) continue;
    try {
      files[named] = isImport(argv) ? await packedImport(named) : await io.readFile(named);
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError('invalid', `${named} cannot be read.`, { cause: error });
    }
  }
  return files;
}

/** Too large a file is refused before it is read. */
async function packedImport(path: string): Promise<string> {
  if ((await stat(path)).size > MAX_IMPORT_BYTES) {
    throw new DomainError('invalid', `${path} is larger than ${MAX_IMPORT_BYTES / 1_048_576} MB; split it.`);
  }
  return packFile(await readFile(path));
}

function namedFile(argv: readonly string[], i: number): string | undefined {
  const word = argv[i] ?? '';
  if (word === '-' && argv[0] === 'keys') return word;
  if (argv[0] === 'keys' && argv[1] === 'scan') return scannedFile(argv, i);
  return word === '-f' || word === '--file' ? argv[i + 1] : /^--file=(.+)$/.exec(word)?.[1];
}

/** `qd users import FILE`: the file may be of any encoding, so it travels as bytes. */
function isImport([group, verb]: readonly string[]): boolean {
  return group === 'users' && verb === 'import';
}

function importedFile(argv: readonly string[], i: number): string | undefined {
  const isValue = ['--commit', '--reason'].includes(argv[i - 1] ?? '');
  return i >= 2 && !isValue && !(argv[i] ?? '-').startsWith('-') ? argv[i] : undefined;
}

/** Runs a command inside the running console of this data folder; null when none runs there. */
async function inRunningConsole(config: Config, request: ControlRequest): Promise<number | null> {
  return askConsole(controlPath(config.QD_DATA_DIR), request, (reply) => {
    if ('out' in reply) io.out(reply.out);
    else if ('err' in reply) io.err(reply.err);
  });
}

/** Opens the stores in this process, for consoles that do not run. */
async function inThisProcess(config: Config, argv: readonly string[], files: Record<string, string>): Promise<number> {
  const log = createLogger(config.LOG_LEVEL ?? 'warn', { write: (line) => void process.stderr.write(line) });
  let opened: CliConsole | null = null;
  const open = async (): Promise<CliConsole> => {
    const container = await openContainer(config, log, () => undefined);
    const url = config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${config.PORT ?? 5_080}`;
    opened ??= { ctx: container.ctx('cli'), config, container, services: await createServices(container), url };
    return opened;
  };
  const attached = { ...io, readFile: (path: string) => Promise.resolve(files[path] ?? '') };
  try {
    return await runProgram(buildProgram({ io: attached, open }), argv, io);
  } finally {
    await (opened as CliConsole | null)?.container.close();
  }
}

function noConsole(): Promise<never> {
  return Promise.reject(new Error('a file is verified without a console'));
}

async function main(argv: readonly string[]): Promise<number> {
  const [first] = argv;
  if (first === 'serve') {
    // Runs until it is told to stop, and then ends the process itself.
    await import('./main.ts');
    return 0;
  }
  if (first === 'config') return configCommand(argv.slice(1), io, process.env);
  if (isFileVerification(argv) || isOfflineScan(argv))
    return runProgram(buildProgram({ io, open: noConsole }), argv, io);
  const config = configOrExit();
  if (first === 'migrate') {
    const container = await openContainer(config, createLogger('warn'), () => undefined);
    await container.close();
    io.out('The tables are up to date.\n');
    return 0;
  }
  const files = await attachments(argv);
  outFile = openOutFile(argv);
  try {
    return (await inRunningConsole(config, { argv: [...argv], files })) ?? (await inThisProcess(config, argv, files));
  } finally {
    outFile?.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  io.err(
    `${error instanceof DomainError ? error.message : `qd failed: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`}\n`,
  );
  process.exitCode = 1;
}
