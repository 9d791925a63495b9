import { leakFacts, MAX_LEAK_BYTES, type LeakFacts } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import { Router, type Request, type RequestHandler } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import type { ApiKeysDeps } from './service/deps.ts';
import { limitLeakReports } from './service/leaks/intake.ts';
import { reportLeak } from './service/leaks/report.ts';

/** Longest first line of a body: the longest place, every character of it escaped. */
const MAX_FACTS_BYTES = 16_000;
const NEWLINE = 0x0a;

/**
 * `POST /keys/leaks/file`, for people who are signed in. The first line of the body is where the file was found, as JSON, the rest
 * is the file: an address is kept by proxies, and a place may hold the very key. Mount at the root.
 */
export function createLeaksHttp(door: MachineDoor, deps: LeaksDeps): Router {
  const router = Router();
  router.post(
    '/keys/leaks/file',
    leaveTheRest,
    machineCall(door, {
      action: 'api-keys.leak_reported',
      permission: 'api-keys:rotate',
      run: async (ctx, req) => {
        limitLeakReports(ctx);
        const { facts, text } = await bodyOf(req);
        // Keys end by the database's clock: that of a replica may be ahead.
        const timed = { ...ctx, now: () => deps.keys.now() };
        return { status: 201, body: await reportLeak(timed, deps, { ...facts, text, source: 'file' }) };
      },
    }),
  );
  return router;
}

type LeaksDeps = Pick<ApiKeysDeps, 'peppers' | 'tombstones' | 'keys'>;

/** Whoever is refused in the middle of a large file is not listened to until its end. */
const leaveTheRest: RequestHandler = (_req, res, next) => {
  res.setHeader('Connection', 'close');
  next();
};

async function bodyOf(req: Request): Promise<{ facts: LeakFacts; text: string }> {
  const body = await bytesOf(req);
  const end = body.subarray(0, MAX_FACTS_BYTES).indexOf(NEWLINE);
  const facts = factsIn(end < 0 ? null : body.toString('utf8', 0, end));
  const file = body.subarray(end + 1);
  if (file.length > MAX_LEAK_BYTES) throw tooLarge();
  if (file.length === 0) throw unfit('The file is empty.');
  return { facts, text: textOf(file) };
}

async function bytesOf(req: Request): Promise<Buffer> {
  const { 'content-encoding': encoding, 'content-length': length } = req.headers;
  if (encoding !== undefined && encoding !== 'identity') throw unfit('Send the file as it is, not compressed.');
  const most = MAX_FACTS_BYTES + MAX_LEAK_BYTES;
  if (length !== undefined && Number(length) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function factsIn(line: string | null): LeakFacts {
  const message =
    'Begin the body with one line of JSON that says where the file was found: {"place":"…","leakedAt":null}.';
  if (line === null) throw unfit(message, 'place');
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    throw unfit(message, 'place');
  }
  return leakFacts.parse(given);
}

/** UTF-16 by its mark, otherwise UTF-8; what is neither is searched byte by byte all the same. */
function textOf(file: Buffer): string {
  const mark = file.length < 2 ? 0 : file.readUInt16BE(0);
  const label = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(label).decode(file);
}

function tooLarge(): DomainError {
  return unfit(`The file is larger than ${MAX_LEAK_BYTES / 1_000_000} MB; split it.`);
}

function unfit(message: string, field = 'file'): DomainError {
  return new DomainError('invalid', message, { fields: [{ field, message }] });
}
