/** Refetches are spread over this span, so that a thousand open pages do not ask at once. */
export const JITTER_MS = 2_000;
/** How often the page asks by itself while the stream is down. */
export const POLL_MS = 15_000;
const MAX_REOPEN_MS = 30_000;

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'paused';

export interface LiveStatus {
  state: LiveState;
  /** Epoch ms of the last sign of life of the stream. */
  lastEventAt: number | null;
  /** Epoch ms since which the stream is down; null while it is up. */
  downSince: number | null;
  /** Tries to get it back so far. */
  tries: number;
  /** Changes that arrived while paused. */
  waiting: number;
}

/** What of EventSource is used; tests hand in their own. */
export interface Stream {
  readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveOptions {
  topics: readonly string[];
  open(url: string): Stream;
  /** Data of these topics is old: read it again. `*` means everything. */
  onStale(topics: ReadonlySet<string>): void;
  now(): number;
  random(): number;
  isHidden(): boolean;
}

export interface LiveStream {
  start(): void;
  stop(): void;
  setPaused(paused: boolean): void;
  /** Call when the server answers again: a stream that waits for its next try is opened at once. */
  retry(): void;
  /** Call when the tab is shown again: what gathered while hidden is read now. */
  shown(): void;
  subscribe(listener: () => void): () => void;
  status(): LiveStatus;
}

const CLOSED = 2;

function topicOf(data: string): string {
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event === 'object' && event !== null && 'topic' in event && typeof event.topic === 'string') {
      return event.topic;
    }
  } catch {
    // An event that cannot be read still says that something changed.
  }
  return '*';
}

/** Gathers what became old and hands it out once, after a jitter, never while `isHeld`. */
function createGatherer(options: LiveOptions, isHeld: () => boolean) {
  const stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (stale.size === 0 || isHeld() || options.isHidden()) return;
    const topics = new Set(stale);
    stale.clear();
    options.onStale(topics);
  }
  return {
    flush,
    add(topic: string): void {
      stale.add(topic);
      if (!isHeld()) timer ??= setTimeout(flush, options.random() * JITTER_MS);
    },
    stop(): void {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** Opens the stream, and again where the server refused it; a broken one the browser resumes by itself. */
function createConnection(options: LiveOptions, on: { open(): void; error(): number; stale(topic: string): void }) {
  const url = `/events?topics=${options.topics.join(',')}`;
  let stream: Stream | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    const opened = options.open(url);
    stream = opened;
    const whenCurrent = (act: (event: MessageEvent<string>) => void) => (event: MessageEvent<string>) => {
      if (stream === opened) act(event);
    };
    opened.addEventListener('open', whenCurrent(on.open));
    opened.addEventListener('error', whenCurrent(onError));
    opened.addEventListener(
      'reset',
      whenCurrent(() => on.stale('*')),
    );
    opened.addEventListener(
      'change',
      whenCurrent((event) => on.stale(topicOf(event.data))),
    );
  }
  function onError(): void {
    const tries = on.error();
    if (stream?.readyState !== CLOSED) return;
    clearTimeout(timer);
    const waitMs = Math.min(1_000 * 2 ** (tries - 1), MAX_REOPEN_MS);
    timer = setTimeout(connect, waitMs * (0.5 + options.random() / 2));
  }
  return {
    start(): void {
      if (stream === null) connect();
    },
    /** Opens at once what waits to be opened again. */
    retry(): void {
      if (stream?.readyState !== CLOSED) return;
      clearTimeout(timer);
      connect();
    },
    stop(): void {
      clearTimeout(timer);
      stream?.close();
      stream = null;
    },
  };
}

/**
 * Listens to the server's hub and says which topics are old. The browser resumes a broken stream by its last event
 * id; where the server refused, the stream is opened anew and everything counts as old. Polls while it is down.
 */
export function createLiveStream(options: LiveOptions): LiveStream {
  const listeners = new Set<() => void>();
  let paused = false;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;
  let status: LiveStatus = { state: 'connecting', lastEventAt: null, downSince: null, tries: 0, waiting: 0 };
  const gatherer = createGatherer(options, () => paused);
  const connection = createConnection(options, { open: onOpen, error: onError, stale: markStale });

  function update(change: Partial<LiveStatus>): void {
    status = { ...status, ...change };
    for (const listener of listeners) listener();
  }
  function markStale(topic: string): void {
    gatherer.add(topic);
    update({ lastEventAt: options.now(), waiting: paused ? status.waiting + 1 : 0 });
  }
  function poll(): void {
    pollTimer = setTimeout(poll, POLL_MS);
    if (paused) return;
    update({ state: 'polling' });
    gatherer.add('*');
    gatherer.flush();
  }
  function onOpen(): void {
    clearTimeout(pollTimer);
    pollTimer = undefined;
    if (status.downSince !== null) gatherer.add('*');
    update({ state: paused ? 'paused' : 'live', lastEventAt: options.now(), downSince: null, tries: 0 });
  }
  function onError(): number {
    const state = paused ? 'paused' : status.state === 'polling' ? 'polling' : 'reconnecting';
    update({ state, downSince: status.downSince ?? options.now(), tries: status.tries + 1 });
    pollTimer ??= setTimeout(poll, POLL_MS);
    return status.tries;
  }

  return {
    start: connection.start,
    stop() {
      clearTimeout(pollTimer);
      pollTimer = undefined;
      gatherer.stop();
      connection.stop();
    },
    setPaused(next) {
      if (paused === next) return;
      paused = next;
      const resumed = status.downSince === null ? 'live' : 'reconnecting';
      update({ state: paused ? 'paused' : resumed, waiting: 0 });
      gatherer.flush();
    },
    retry: connection.retry,
    shown: gatherer.flush,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    status: () => status,
  };
}
