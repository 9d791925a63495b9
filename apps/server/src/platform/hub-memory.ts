import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Kv } from '../adapters/kv/port.ts';
import type { Hub, HubEvent, Topic } from './hub.ts';

const CHANNEL = 'qd:changes';
const KEPT_EVENTS = 1_000;
/** Changes other replicas could not be told of are told again this often until they know. */
const TELL_AGAIN_MS = 1_000;

interface BusMessage {
  from: string;
  topic: Topic;
}

/**
 * Hub of one process. Changes made here go out on the bus of `kv`; changes made by other replicas come in on it.
 * While the bus is down versions are null, so that nothing is served from memory that another replica has changed. A change that
 * could not be told is told once the bus is back: it may have been down for this replica alone. `isAlone`: no other process can
 * change what is stored, so that none has to be heard.
 */
export async function createHub(
  kv: Kv,
  log: Logger,
  { isAlone = true }: { isAlone?: boolean } = {},
): Promise<Hub & { close(): Promise<void> }> {
  const epoch = randomBytes(6).toString('base64url');
  const versions = new Map<Topic, number>();
  const listeners = new Set<(event: HubEvent) => void>();
  const kept: HubEvent[] = [];
  let seq = 0;

  const emit = (topic: Topic): void => {
    const version = (versions.get(topic) ?? 0) + 1;
    versions.set(topic, version);
    const event: HubEvent = { id: `${epoch}-${++seq}`, topic, version };
    kept.push(event);
    if (kept.length > KEPT_EVENTS) kept.shift();
    for (const listener of listeners) listener(event);
  };

  const unsubscribe = await kv.subscribe(CHANNEL, (text) => {
    const message = JSON.parse(text) as BusMessage;
    if (message.from !== epoch) emit(message.topic);
  });

  const teller = createTeller((topic) => kv.publish(CHANNEL, JSON.stringify({ from: epoch, topic })), log);

  return {
    publish(topic) {
      emit(topic);
      if (kv.kind !== 'memory') teller.tell(topic);
    },
    version(topics) {
      const state = kv.state();
      if (!state.connected) return null;
      // Messages sent during an outage are lost, so whatever was cached before it must not come back.
      return `${epoch}.${state.outages}.${topics.map((t) => versions.get(t) ?? 0).join('.')}`;
    },
    bus() {
      if (!kv.state().connected) return 'down';
      return kv.kind === 'memory' && !isAlone ? 'none' : 'up';
    },
    subscribe(onEvent) {
      listeners.add(onEvent);
      return () => listeners.delete(onEvent);
    },
    since(lastEventId) {
      const dash = lastEventId.lastIndexOf('-');
      const from = Number(lastEventId.slice(dash + 1));
      if (lastEventId.slice(0, dash) !== epoch || !Number.isInteger(from) || from < 0 || from > seq) return null;
      if (from < seq - kept.length) return null;
      return kept.slice(kept.length - (seq - from));
    },
    close: async () => {
      teller.stop();
      await unsubscribe();
    },
  };
}

/** Sends topics out, and again what could not be sent until it is. */
function createTeller(send: (topic: Topic) => Promise<void>, log: Logger): { tell(topic: Topic): void; stop(): void } {
  const untold = new Set<Topic>();
  let again: NodeJS.Timeout | null = null;
  let isStopped = false;

  const later = (): void => {
    if (!isStopped) again ??= setTimeout(tellAgain, TELL_AGAIN_MS).unref();
  };
  const tellAgain = (): void => {
    again = null;
    const topics = [...untold];
    untold.clear();
    for (const topic of topics) send(topic).catch(() => missed(topic));
  };
  const missed = (topic: Topic): void => {
    untold.add(topic);
    later();
  };
  return {
    tell(topic) {
      send(topic).catch((error: unknown) => {
        log.warn({ err: error, topic }, 'a change could not be told to other replicas yet');
        missed(topic);
      });
    },
    stop() {
      isStopped = true;
      if (again !== null) clearTimeout(again);
    },
  };
}
