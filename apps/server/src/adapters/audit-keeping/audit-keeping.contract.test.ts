import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeAuditKeeping } from './contract.ts';
import { createFakeKeeping } from './fake.ts';
import { createFileKeeping } from './file.ts';

const made: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'qd-keeping-'));
  made.push(path);
  return path;
}
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
});

describe('the fake', () => describeAuditKeeping(() => Promise.resolve(createFakeKeeping())));
describe('a folder', () => {
  describeAuditKeeping(async () => createFileKeeping(join(await folder(), 'audit')));

  it('leaves nothing half written, and nothing others may read', async () => {
    const path = await folder();
    const keeping = createFileKeeping(path);
    async function* torn(): AsyncGenerator<string> {
      yield 'one\n';
      throw new Error('torn');
    }
    await expect(keeping.writeArchive('torn.gz', torn())).rejects.toThrow('torn');
    expect(await readdir(join(path, 'archive'))).toEqual([]);
    await keeping.appendNote('one\n', new Date('2026-11-01T00:00:00Z'));
    expect((await stat(join(path, 'checkpoints-2026-11.txt'))).mode & 0o077).toBe(0);
  });

  it('takes no name that leads elsewhere', async () => {
    const keeping = createFileKeeping(await folder());
    await expect(keeping.archiveSha256('../../etc/passwd')).rejects.toThrow(RangeError);
  });
});
