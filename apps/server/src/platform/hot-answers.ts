import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { brotliCompress, constants } from 'node:zlib';
import { jsonOf } from './ready-json.ts';

/** Best ratio that still takes milliseconds for an answer of tens of kilobytes. */
const BROTLI_QUALITY = 9;

/** An answer in tRPC's wire format, ready to send any number of times. */
export interface HotAnswer {
  etag: string;
  body: Buffer;
  brotli: Buffer | null;
  uses: number;
}

/** What the asker accepts. */
export interface Asked {
  ifNoneMatch: string | undefined;
  acceptEncoding: string;
}

/** The wire form of a procedure's result. */
export function hotAnswer(data: unknown): HotAnswer {
  const body = Buffer.from(`{"result":{"data":${jsonOf(data)}}}`);
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  return { body, etag, brotli: null, uses: 0 };
}

/** Sends an answer: 304 when the asker has it, compressed when that is accepted and ready, else plain. */
export function sendHotAnswer(res: ServerResponse, answer: HotAnswer, asked: Asked): 'not_modified' | 'sent' {
  res.setHeader('ETag', answer.etag);
  res.setHeader('Cache-Control', 'private, no-cache');
  res.setHeader('Vary', 'Cookie, Accept-Encoding');
  if (asked.ifNoneMatch === answer.etag) {
    res.statusCode = 304;
    res.end();
    return 'not_modified';
  }
  res.setHeader('Content-Type', 'application/json');
  if (answer.brotli !== null && asked.acceptEncoding.includes('br')) {
    res.setHeader('Content-Encoding', 'br');
    res.end(answer.brotli);
  } else res.end(answer.body);
  answer.uses += 1;
  // Once per version and only for answers asked for again: the first viewer must not wait for the compressor.
  if (answer.uses === 2) compress(answer);
  return 'sent';
}

function compress(answer: HotAnswer): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  brotliCompress(answer.body, { params }, (error, compressed) => {
    if (error === null) answer.brotli = compressed;
  });
}
