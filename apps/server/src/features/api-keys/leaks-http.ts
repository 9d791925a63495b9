import { leakFacts, MAX_LEAK_BYTES } from '@qd/shared/api-keys/ending';
import { DomainError } from '@qd/shared/errors';
import { Router, type Request, type RequestHandler } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import type { ApiKeysDeps } from './service/deps.ts';
import { limitLeakReports } from './service/leaks/intake.ts';
import { reportLeak } from './service/leaks/report.ts';

/** `POST /keys/leaks?place=…&leakedAt=…` with the file as the body, for people who are signed in. Mount at the root. */
export function createLeaksHttp(door: MachineDoor, deps: Pick<ApiKeysDeps, 'peppers' | 'tombstones'>): Router {
  const router = Router();
  router.post(
    '/keys/leaks',
    leaveTheRest,
    machineCall(door, {
      action: 'api-keys.leak_reported',
      permission: 'api-keys:rotate',
      run: async (ctx, req) => {
        const { place, leakedAt } = req.query;
        const facts = leakFacts.parse({ place, ...(leakedAt === undefined ? {} : { leakedAt: Number(leakedAt) }) });
        limitLeakReports(ctx);
        const text = await textOf(req);
        return { status: 201, body: await reportLeak(ctx, deps, { ...facts, text, source: 'file' }) };
      },
    }),
  );
  return router;
}

/** Whoever is refused in the middle of a large file is not listened to until its end. */
const leaveTheRest: RequestHandler = (_req, res, next) => {
  res.setHeader('Connection', 'close');
  next();
};

/** The body as text: UTF-16 by its mark, otherwise UTF-8; what is neither is searched byte by byte all the same. */
async function textOf(req: Request): Promise<string> {
  const { 'content-encoding': encoding, 'content-length': length } = req.headers;
  if (encoding !== undefined && encoding !== 'identity') throw unfit('Send the file as it is, not compressed.');
  if (length !== undefined && Number(length) > MAX_LEAK_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_LEAK_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  if (size === 0) throw unfit('The file is empty.');
  const bytes = Buffer.concat(chunks);
  const mark = size < 2 ? 0 : bytes.readUInt16BE(0);
  const label = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(label).decode(bytes);
}

function tooLarge(): DomainError {
  return unfit(`The file is larger than ${MAX_LEAK_BYTES / 1_000_000} MB; split it.`);
}

function unfit(message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field: 'file', message }] });
}
