import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { tombstoneKinds, type Tombstone, type TombstoneFault, type Tombstones } from './port.ts';

const FILE = 'revoked-keys.jsonl';
/** A line of this console is far shorter; what is longer is none. */
const MAX_LINE = 1_000;

const common = {
  id: z.string().min(1).max(64),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  pepperVersion: z.number().int().positive(),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
};
const revokedLine = z
  .strictObject({ ...common, revokedAt: z.number().int() })
  .transform(({ revokedAt, ...line }) => ({ ...line, kind: 'revoked' as const, at: revokedAt }));
const otherLine = z.strictObject({
  ...common,
  kind: z.enum(tombstoneKinds).exclude(['revoked']),
  at: z.number().int(),
});
const written = z.union([revokedLine, otherLine]);

/** Keeps tombstones in one file, a line of JSON each, with a MAC under `key` so that lines of others are told from ours. */
export function createFileTombstones(folder: string, key: KeyObject): Tombstones {
  const path = join(folder, FILE);
  const macOf = (tombstone: Tombstone): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify(Object.values(fieldsOf(tombstone))))
      .digest();
  const lineOf = (tombstone: Tombstone): string =>
    `${JSON.stringify({ ...fieldsOf(tombstone), mac: macOf(tombstone).toString('hex') })}\n`;
  const readLine = (line: string): Tombstone | TombstoneFault['kind'] => {
    const value = line.length > MAX_LINE ? null : parsed(line);
    if (value === null) return 'torn';
    const { success, data } = written.safeParse(value);
    if (!success) return 'altered';
    const { mac, ...tombstone } = data;
    return timingSafeEqual(Buffer.from(mac, 'hex'), macOf(tombstone)) ? tombstone : 'altered';
  };

  return {
    place: path,
    async append(tombstones) {
      if (tombstones.length === 0) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        const text = tombstones.map(lineOf).join('');
        await file.appendFile((await endsWithLine(file)) ? text : `\n${text}`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    async read() {
      const tombstones: Tombstone[] = [];
      const faults: TombstoneFault[] = [];
      let line = 0;
      for await (const text of linesOf(path)) {
        line += 1;
        if (text === '') continue;
        const read = readLine(text);
        if (typeof read === 'string') faults.push({ line, kind: read });
        else tombstones.push(read);
      }
      return { tombstones, faults };
    },
    version: () => versionOf(path),
  };
}

/** What a line says, in the order the MAC is made over. Lines of revocations say no kind: they are older than kinds. */
function fieldsOf({ id, hash, pepperVersion, kind, at }: Tombstone): Record<string, string | number | null> {
  return kind === 'revoked' ? { id, hash, pepperVersion, revokedAt: at } : { id, hash, pepperVersion, kind, at };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** False after a line that was cut off: what follows must not become part of it. */
async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

/** Empty for a file that is not there. The file itself counts too: one put in its place may be as long. */
async function versionOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(' ');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  if ((await versionOf(path)) === '') return;
  yield* createInterface({ input: createReadStream(path), crlfDelay: Infinity });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
