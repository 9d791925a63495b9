import { can, type GrantScope, type Permission } from '@qd/shared/permissions';
import type { Request, Response } from 'express';
import type { Hub, HubEvent, ScreenTopic, Topic } from './hub.ts';
import type { Telemetry } from './telemetry.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 5_000;
const MAX_STREAMS_PER_USER = 30;
/** A client that does not read is cut off; it comes back and resumes. */
const MAX_BUFFERED_BYTES = 65_536;

const topicPermission: Record<ScreenTopic, Permission> = {
  slo: 'slo:read',
  platforms: 'platforms:read',
  changes: 'changes:read',
  audit: 'audit:read',
  users: 'users:read',
  approvals: 'approvals:read',
  'api-keys': 'api-keys:read',
  secrets: 'secrets:read',
  oncall: 'oncall:read',
  health: 'health:read',
  settings: 'platforms:read',
};

/** Who listens, as found again at every heartbeat; null ends the stream. */
export interface StreamActor {
  id: string;
  grants: readonly GrantScope[];
}

interface Stream {
  res: Response;
  req: Request;
  actorId: string;
  topics: ReadonlySet<ScreenTopic>;
}

export interface SseOptions {
  hub: Hub;
  telemetry: Telemetry;
  authenticate(req: Request): Promise<StreamActor | null>;
}

export interface SseHub {
  handle(req: Request, res: Response): Promise<void>;
  /** Ends every stream, so that the server can close. */
  close(): void;
  size(): number;
}

/**
 * One event stream for all topics: small events, the client refetches what changed. A stream resumes after
 * `Last-Event-ID`; when that id is unknown the client is told to refetch everything (`event: reset`).
 */
export function createSse(options: SseOptions): SseHub {
  const { hub, authenticate } = options;
  const streams = createStreams(options.telemetry);
  const recheck = createRecheck(streams, authenticate);
  const unsubscribe = hub.subscribe((event) => {
    streams.broadcast(frameOf(event), event.topic);
    // Somebody may have been demoted, suspended or signed out. Rights that end by the clock wait for the heartbeat.
    if (event.topic === 'users') recheck();
  });
  const heartbeat = setInterval(() => {
    streams.broadcast(stillHere);
    recheck();
  }, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    async handle(req, res) {
      const actor = await authenticate(req);
      if (actor === null) {
        res.status(401).end();
      } else if (streams.isFull(actor.id)) {
        res.status(429).setHeader('Retry-After', '15').end();
      } else {
        res.writeHead(200, streamHeaders);
        res.write('retry: 2000\n\n');
        const stream: Stream = { req, res, actorId: actor.id, topics: allowedTopics(req, actor) };
        streams.add(stream);
        for (const frame of missedFrames(hub, stream)) streams.send(stream, frame);
      }
    },
    close() {
      clearInterval(heartbeat);
      unsubscribe();
      for (const stream of streams.all()) streams.drop(stream);
    },
    size: () => streams.all().size,
  };
}

/**
 * Asks again who listens, and ends the streams of those who may no more. Asked for while it runs, it runs once more after:
 * many changes of people at once cost no more lookups than the database answers.
 */
function createRecheck(
  streams: ReturnType<typeof createStreams>,
  authenticate: SseOptions['authenticate'],
): () => void {
  let isRunning = false;
  let isAskedFor = false;
  const one = async (stream: Stream): Promise<void> => {
    try {
      const actor = await authenticate(stream.req);
      if (actor === null || !keepsTopics(stream, actor)) streams.drop(stream);
    } catch {
      // The database does not answer: who was signed in stays so until it does.
    }
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isAskedFor) {
      isAskedFor = false;
      await Promise.all([...streams.all()].map(one));
    }
    isRunning = false;
  };
  return () => {
    isAskedFor = true;
    if (!isRunning) void run();
  };
}

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};
const stillHere = Buffer.from(': still here\n\n');
const resetFrame = Buffer.from('event: reset\ndata: {}\n\n');

function createStreams(telemetry: Telemetry) {
  const streams = new Set<Stream>();
  const drop = (stream: Stream): void => {
    if (!streams.delete(stream)) return;
    telemetry.streams.dec();
    stream.res.end();
  };
  const send = (stream: Stream, frame: Buffer): void => {
    if (stream.res.writableLength > MAX_BUFFERED_BYTES) {
      stream.res.destroy();
      drop(stream);
    } else stream.res.write(frame);
  };
  return {
    drop,
    send,
    all: (): ReadonlySet<Stream> => streams,
    add(stream: Stream): void {
      streams.add(stream);
      telemetry.streams.inc();
      stream.res.on('close', () => drop(stream));
    },
    broadcast(frame: Buffer, topic?: Topic): void {
      for (const stream of streams) if (topic === undefined || hears(stream, topic)) send(stream, frame);
    },
    isFull(actorId: string): boolean {
      const own = [...streams].filter((s) => s.actorId === actorId).length;
      return streams.size >= MAX_STREAMS || own >= MAX_STREAMS_PER_USER;
    },
  };
}

function missedFrames(hub: Hub, stream: Stream): Buffer[] {
  const last = stream.req.header('last-event-id');
  if (last === undefined) return [];
  const missed = hub.since(last);
  return missed === null ? [resetFrame] : missed.filter((e) => hears(stream, e.topic)).map(frameOf);
}

function frameOf(event: HubEvent): Buffer {
  return Buffer.from(
    `id: ${event.id}\nevent: change\ndata: ${JSON.stringify({ topic: event.topic, version: event.version })}\n\n`,
  );
}

function hears(stream: Stream, topic: Topic): boolean {
  const heard: ReadonlySet<Topic> = stream.topics;
  return heard.has(topic);
}

function allowedTopics(req: Request, actor: StreamActor): Set<ScreenTopic> {
  const topics = req.query['topics'];
  const asked = typeof topics === 'string' ? topics.split(',') : [];
  return new Set(
    (Object.keys(topicPermission) as ScreenTopic[]).filter(
      (t) => asked.includes(t) && holds(actor, topicPermission[t]),
    ),
  );
}

function holds(actor: StreamActor, permission: Permission): boolean {
  return actor.grants.some((g) => can([g], permission, g.platform));
}

/** A person who lost a right on the way loses the stream, and gets a narrower one on reconnect. */
function keepsTopics(stream: Stream, actor: StreamActor): boolean {
  return [...stream.topics].every((t) => holds(actor, topicPermission[t]));
}
