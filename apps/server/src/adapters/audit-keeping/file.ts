import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { AuditKeeping } from './port.ts';

const KEY_FILE = 'key.pub';
const NOTES = /^checkpoints-\d{4}-\d{2}\.txt$/;
const NAME = /^[a-z0-9][a-z0-9.-]{0,99}$/;

/** Keeps checkpoints and archives in a folder: one file of notes a month, one compressed file an archive. */
export function createFileKeeping(folder: string): AuditKeeping {
  const archives = join(folder, 'archive');
  return {
    place: folder,
    async pinKey(verifierKey) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeOnce(join(folder, KEY_FILE), `${verifierKey}\n`);
      return (await readFile(join(folder, KEY_FILE), 'utf8')).trim();
    },
    async appendNote(note, at) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendDurably(join(folder, `checkpoints-${at.toISOString().slice(0, 7)}.txt`), `${note}\n`);
    },
    async *notes() {
      for (const name of (await entriesOf(folder)).filter((entry) => NOTES.test(entry)).toSorted()) {
        yield await readFile(join(folder, name), 'utf8');
      }
    },
    async writeArchive(name, lines) {
      const path = join(archives, checkedName(name));
      await mkdir(archives, { recursive: true, mode: 0o700 });
      const unfinished = `${path}.part`;
      try {
        await pipeline(Readable.from(lines), createGzip(), createWriteStream(unfinished, { mode: 0o600, flush: true }));
        await rename(unfinished, path);
      } finally {
        await rm(unfinished, { force: true });
      }
      return sha256Of(path);
    },
    readArchive: (name) => linesOf(join(archives, checkedName(name))),
    archiveSha256: async (name) => sha256Of(join(archives, checkedName(name))),
  };
}

async function writeOnce(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
    await file.close();
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

async function appendDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const unpacked = createReadStream(path).compose(createGunzip());
  for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) yield line;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  throw new RangeError(`${name} is not a name of an archive`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
