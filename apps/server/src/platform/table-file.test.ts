import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { csvPages, FILE_PAGE_ROWS, MAX_FILE_ROWS, pagesOf, sendTableFile, type TableFile } from './table-file.ts';

const numbers = Array.from({ length: 1_200 }, (_, i) => i + 1);
const readNumbers = async (after: number | null, limit: number) => numbers.slice(after ?? 0, (after ?? 0) + limit);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('pages of a table', () => {
  it('follow each other without gap or repeat, none longer than a page', async () => {
    const pages = await all(pagesOf(readNumbers));
    expect(pages.flat()).toEqual(numbers);
    expect(pages.map((page) => page.length)).toEqual([FILE_PAGE_ROWS, FILE_PAGE_ROWS, 200]);
  });

  it.each([0, 1, FILE_PAGE_ROWS, 700])('stop after %d rows when no more are wanted', async (maxRows) => {
    expect((await all(pagesOf(readNumbers, maxRows))).flat()).toEqual(numbers.slice(0, maxRows));
  });

  it('are written as lines under their heads, with what a spreadsheet would run defused', async () => {
    const pages = pagesOf<string>(async (after) => (after === null ? ['=1+1', 'a,b', '\n-1'] : []));
    const [head, ...lines] = await all(csvPages([['Text (raw)', (row: string) => row]], pages));
    expect(head).toBe('\uFEFFText (raw)\r\n');
    expect(lines.join('')).toBe(`'=1+1\r\n"a,b"\r\n"'\n-1"\r\n`);
  });
});

describe('a table sent as a file', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function get(file: TableFile): Promise<Response> {
    const app = express();
    app.get('/', (_req, res, next) => void sendTableFile(res, file).catch(next));
    app.use((error: Error, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
      if (res.headersSent) res.destroy();
      else res.status(503).send(error.message);
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  async function* texts(...parts: (string | Error)[]): AsyncGenerator<string> {
    for (const part of parts) {
      if (part instanceof Error) throw part;
      yield part;
    }
  }

  it('says what it is and holds every part', async () => {
    const response = await get({
      name: 'slos-2026-10-03',
      type: 'csv',
      isCut: false,
      text: texts('a\r\n', '1\r\n', '2\r\n'),
    });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="slos-2026-10-03.csv"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-row-limit')).toBeNull();
    expect(await response.text()).toBe('a\r\n1\r\n2\r\n');
  });

  it('says in its name and a header that it is cut', async () => {
    const response = await get({ name: 'audit', type: 'jsonl', isCut: true, text: texts('{}\n') });
    expect(response.headers.get('content-disposition')).toContain(`audit-newest-${MAX_FILE_ROWS}.jsonl`);
    expect(response.headers.get('x-row-limit')).toBe(String(MAX_FILE_ROWS));
    expect(await response.text()).toBe('{}\n');
  });

  it('is an error when its first rows cannot be read, and breaks off when later ones cannot', async () => {
    const gone = new Error('the store is gone');
    const early = await get({ name: 'a', type: 'csv', isCut: false, text: texts('a\r\n', gone) });
    expect(early.status).toBe(503);
    server.close();
    const late = await get({ name: 'a', type: 'csv', isCut: false, text: texts('a\r\n', '1\r\n', gone) });
    await expect(late.text()).rejects.toThrow();
  });

  it('may be empty', async () => {
    const response = await get({ name: 'a', type: 'jsonl', isCut: false, text: texts() });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});
