import { expect, it } from 'vitest';
import type { AuditKeeping } from './port.ts';

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function* lines(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield `${text}\n`;
}

/** What every keeper of the log promises. */
export function describeAuditKeeping(open: () => Promise<AuditKeeping>): void {
  it('is empty at first', async () => {
    expect(await textOf((await open()).notes())).toBe('');
  });

  it('keeps notes in the order they came, over months', async () => {
    const keeping = await open();
    await keeping.appendNote('one\n', new Date('2026-10-31T23:59:59Z'));
    await keeping.appendNote('two\n', new Date('2026-11-01T00:00:00Z'));
    await keeping.appendNote('three\n', new Date('2026-11-01T00:01:00Z'));
    expect(await textOf(keeping.notes())).toBe('one\n\ntwo\n\nthree\n\n');
  });

  it('keeps the first key', async () => {
    const keeping = await open();
    expect(await keeping.pinKey('first')).toBe('first');
    expect(await keeping.pinKey('second')).toBe('first');
  });

  it('gives an archive back line by line, and tells when it is another', async () => {
    const keeping = await open();
    const sha256 = await keeping.writeArchive('a.jsonl.gz', lines('{"a":1}', '{"b":"ü"}'));
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await keeping.archiveSha256('a.jsonl.gz')).toBe(sha256);
    const read: string[] = [];
    for await (const line of keeping.readArchive('a.jsonl.gz')) read.push(line);
    expect(read).toEqual(['{"a":1}', '{"b":"ü"}']);
    expect(await keeping.writeArchive('a.jsonl.gz', lines('{"a":2}'))).not.toBe(sha256);
  });

  it('says so when an archive is not there', async () => {
    const keeping = await open();
    await expect(keeping.archiveSha256('none.jsonl.gz')).rejects.toThrow();
    await expect(textOf(keeping.readArchive('none.jsonl.gz'))).rejects.toThrow();
  });
}
