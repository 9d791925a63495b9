import { createHmac, createSecretKey } from 'node:crypto';
import { appendFile, copyFile, mkdtemp, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeTombstones, tombstone } from './contract.ts';
import { createFakeTombstones } from './fake.ts';
import { createFileTombstones } from './file.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const made: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'qd-tombstones-'));
  made.push(path);
  return path;
}
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
});

describe('the fake', () => describeTombstones(() => Promise.resolve(createFakeTombstones())));
describe('a file', () => {
  describeTombstones(async () => createFileTombstones(join(await folder(), 'audit'), key));

  it('names a line that was cut off, and keeps what was added after it', async () => {
    const ledger = createFileTombstones(await folder(), key);
    await ledger.append([tombstone(1)]);
    await appendFile(ledger.place, '{"id":"Key00002","ha');
    await ledger.append([tombstone(3)]);
    expect(await ledger.read()).toEqual({
      tombstones: [tombstone(1), tombstone(3)],
      faults: [{ line: 2, kind: 'torn' }],
    });
  });

  it('believes no line that was changed, moved here from elsewhere, or is no tombstone', async () => {
    const ledger = createFileTombstones(await folder(), key);
    await ledger.append([tombstone(1), tombstone(2)]);
    const lines = (await readFile(ledger.place, 'utf8')).split('\n');
    const stranger = createFileTombstones(await folder(), createSecretKey(Buffer.alloc(32, 8)));
    await stranger.append([tombstone(4)]);
    const foreign = (await readFile(stranger.place, 'utf8')).trim();
    const changed = (lines[0] ?? '').replace('Key00001', 'Key00009');
    await writeFile(ledger.place, [changed, lines[1], foreign, '{"id":7}', '[]', 'x'.repeat(5_000)].join('\n'));
    const { tombstones, faults } = await ledger.read();
    expect(tombstones).toEqual([tombstone(2)]);
    expect(faults.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      '1 altered',
      '3 altered',
      '4 altered',
      '5 altered',
      '6 torn',
    ]);
  });

  it('still believes lines from before there were kinds', async () => {
    const ledger = createFileTombstones(await folder(), key);
    const fields = { id: 'Key00001', hash: null, pepperVersion: 1, revokedAt: 1_790_000_000_001 };
    const mac = createHmac('sha256', key)
      .update(JSON.stringify(['Key00001', null, 1, 1_790_000_000_001]))
      .digest('hex');
    await writeFile(ledger.place, `${JSON.stringify({ ...fields, mac })}\n`);
    const { tombstones, faults } = await ledger.read();
    expect(tombstones).toEqual([
      { id: 'Key00001', hash: null, pepperVersion: 1, kind: 'revoked', at: 1_790_000_000_001 },
    ]);
    expect(faults).toEqual([]);
  });

  it('believes no release that was made of a quarantine', async () => {
    const ledger = createFileTombstones(await folder(), key);
    await ledger.append([tombstone(2)]);
    const line = await readFile(ledger.place, 'utf8');
    await writeFile(ledger.place, line.replace('quarantined', 'released'));
    expect(await ledger.read()).toEqual({ tombstones: [], faults: [{ line: 1, kind: 'altered' }] });
  });

  it('has another version when it was cut short, put in place of, or deleted', async () => {
    const ledger = createFileTombstones(await folder(), key);
    await ledger.append([tombstone(1)]);
    await copyFile(ledger.place, `${ledger.place}.old`);
    const seen = [await ledger.version()];
    await rename(`${ledger.place}.old`, ledger.place);
    seen.push(await ledger.version());
    await truncate(ledger.place, 0);
    seen.push(await ledger.version());
    await rm(ledger.place);
    seen.push(await ledger.version());
    expect(new Set(seen).size).toBe(4);
    expect(await ledger.read()).toEqual({ tombstones: [], faults: [] });
  });

  it('is for nobody else to read', async () => {
    const ledger = createFileTombstones(await folder(), key);
    await ledger.append([tombstone(1)]);
    expect((await stat(ledger.place)).mode & 0o077).toBe(0);
  });
});
