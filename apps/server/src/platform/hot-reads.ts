import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { hotAnswer, sendHotAnswer, type HotAnswer } from './hot-answers.ts';
import type { Hub, Topic } from './hub.ts';
import { createSingleflight } from './singleflight.ts';
import type { Telemetry } from './telemetry.ts';

const MAX_BYTES = 64 * 1_024 * 1_024;

/** A procedure whose answer depends on its input, the caller's rights and the version of its topics, and on nothing else. */
export interface HotProcedure {
  topics: readonly Topic[];
  /** Runs the procedure; rejects as the procedure does. */
  call(input: unknown): Promise<unknown>;
}

export interface HotReadOptions {
  hub: Hub;
  telemetry: Telemetry;
  /** The hot procedure of a path for this caller and the fingerprint of the caller's rights; null leaves the request to tRPC. */
  resolve(req: IncomingMessage, path: string): Promise<{ procedure: HotProcedure; scope: string } | null>;
  /** Monotonic milliseconds. */
  clock(): number;
}

/** Where procedures are mounted. */
const PREFIX = '/trpc/';

/** Answers a request itself, or calls `next` and leaves it alone. */
export type HotReads = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/**
 * Answers hot reads in front of tRPC and of everything else, because every layer on the way costs them a share of their time, in tRPC's own wire format, from a buffer keyed by procedure, input, rights and
 * data version. Validity is the version, never a guess of seconds. Concurrent misses share one computation. Whatever
 * fails here is asked again of tRPC, whose error answers are the only ones.
 */
export function createHotReads(options: HotReadOptions): HotReads {
  const { telemetry } = options;
  const buffer = createBuffer(options.hub);
  return (req, res, next) => {
    const asked = req.method === 'GET' ? askedOf(req.url ?? '') : null;
    if (asked === null) {
      next();
      return;
    }
    const startedMs = options.clock();
    const { path } = asked;
    serve(req, res, asked).then(
      (outcome) => {
        if (outcome === null) {
          next();
          return;
        }
        telemetry.hotRead(outcome);
        telemetry.request('GET', `/trpc/${path}`, res.statusCode, (options.clock() - startedMs) / 1_000);
      },
      () => next(),
    );
  };

  async function serve(
    req: IncomingMessage,
    res: ServerResponse,
    { path, input }: { path: string; input: string },
  ): Promise<'hit' | 'miss' | 'not_modified' | null> {
    const hot = await options.resolve(req, path);
    if (hot === null) return null;
    const found = await buffer.find(hot.procedure, `${path}?${input}|${hot.scope}`, input);
    if (found === null) return null;
    const asked = {
      ifNoneMatch: req.headers['if-none-match'],
      acceptEncoding: String(req.headers['accept-encoding'] ?? ''),
    };
    return sendHotAnswer(res, found.answer, asked) === 'not_modified' ? 'not_modified' : found.hit ? 'hit' : 'miss';
  }
}

/** The procedure and input that an address asks for; null for a batch and for everything that is no procedure. */
function askedOf(url: string): { path: string; input: string } | null {
  if (!url.startsWith(PREFIX)) return null;
  const end = url.indexOf('?');
  if (end === -1) return { path: url.slice(PREFIX.length), input: '' };
  const query = new URLSearchParams(url.slice(end + 1));
  return query.has('batch') ? null : { path: url.slice(PREFIX.length, end), input: query.get('input') ?? '' };
}

/** Answers by key and data version; null while the bus is down and no version can be trusted. */
function createBuffer(hub: Hub) {
  const answers = new LRUCache<string, HotAnswer>({
    maxSize: MAX_BYTES,
    sizeCalculation: (a) => a.body.length * 2 + 512,
  });
  const flights = createSingleflight<HotAnswer>();
  return {
    async find(
      procedure: HotProcedure,
      key: string,
      input: string,
    ): Promise<{ answer: HotAnswer; hit: boolean } | null> {
      const version = hub.version(procedure.topics);
      if (version === null) return null;
      const versioned = `${key}|${version}`;
      const known = answers.get(versioned);
      if (known) return { answer: known, hit: true };
      const answer = await flights.run(versioned, async () =>
        hotAnswer(await procedure.call(input === '' ? undefined : (JSON.parse(input) as unknown))),
      );
      answers.set(versioned, answer);
      return { answer, hit: false };
    },
  };
}
