import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryKv } from '../adapters/kv/memory.ts';
import type { Kv, KvState } from '../adapters/kv/port.ts';
import { createHub } from './hub-memory.ts';
import type { HubEvent } from './hub.ts';

const log = pino({ level: 'silent' });
afterEach(() => {
  vi.useRealTimers();
});

/** A bus that several hubs share, whose connection the test can cut. */
function createBus() {
  const listeners = new Set<(message: string) => void>();
  let outages = 0;
  let state: KvState = { connected: true, outages };
  const kv = {
    kind: 'redis',
    state: () => state,
    publish(_channel: string, message: string) {
      if (!state.connected) return Promise.reject(new Error('down'));
      for (const listener of listeners) listener(message);
      return Promise.resolve();
    },
    subscribe(_channel: string, onMessage: (message: string) => void) {
      listeners.add(onMessage);
      return Promise.resolve(() => Promise.resolve(void listeners.delete(onMessage)));
    },
  } as unknown as Kv;
  return {
    kv,
    /** The bus as a replica has it that alone is cut off from sending. */
    mute: () => {
      let isMuted = true;
      const muted = {
        ...kv,
        publish: (channel: string, message: string) =>
          isMuted ? Promise.reject(new Error('cut')) : kv.publish(channel, message),
      };
      return { kv: muted, unmute: () => void (isMuted = false) };
    },
    cut: () => (state = { connected: false, since: new Date(0), error: 'down', outages: ++outages }),
    mend: () => (state = { connected: true, outages }),
  };
}

describe('the hub', () => {
  it('changes the version of what changed, and of nothing else', async () => {
    const hub = await createHub(createBus().kv, log);
    const before = { slo: hub.version(['slo']), users: hub.version(['users']) };
    hub.publish('slo');
    expect(hub.version(['slo'])).not.toBe(before.slo);
    expect(hub.version(['users'])).toBe(before.users);
  });

  it('says whether others are heard: not while the bus is down, and never without one where there may be others', async () => {
    const bus = createBus();
    const hub = await createHub(bus.kv, log);
    expect(hub.bus()).toBe('up');
    bus.cut();
    expect(hub.bus()).toBe('down');
    const memory = createMemoryKv(() => new Date(0));
    expect((await createHub(memory, log)).bus()).toBe('up');
    expect((await createHub(memory, log, { isAlone: false })).bus()).toBe('none');
  });

  it('tells listeners here and in other replicas, once each', async () => {
    const bus = createBus();
    const [a, b] = await Promise.all([createHub(bus.kv, log), createHub(bus.kv, log)]);
    const heard: string[] = [];
    a.subscribe((e) => heard.push(`a ${e.topic}`));
    b.subscribe((e) => heard.push(`b ${e.topic}`));
    a.publish('changes');
    expect(heard.toSorted()).toEqual(['a changes', 'b changes']);
  });

  it('resumes after the last event seen, and says when it cannot', async () => {
    const hub = await createHub(createBus().kv, log);
    const seen: HubEvent[] = [];
    hub.subscribe((e) => seen.push(e));
    for (const topic of ['slo', 'users', 'slo'] as const) hub.publish(topic);
    const [first] = seen;
    expect(hub.since(first?.id ?? '')).toEqual(seen.slice(1));
    expect(hub.since(seen.at(-1)?.id ?? '')).toEqual([]);
    for (const foreign of [
      'other-1',
      '',
      'x',
      `${first?.id ?? ''}9999`,
      `${(first?.id ?? '').replace(/-\d+$/, '')}--1`,
    ])
      expect(hub.since(foreign)).toBeNull();
  });

  it('forgets events that are too old instead of resuming with a hole', async () => {
    const hub = await createHub(createBus().kv, log);
    let firstId = '';
    hub.subscribe((e) => (firstId ||= e.id));
    for (let i = 0; i < 1_002; i += 1) hub.publish('slo');
    expect(hub.since(firstId)).toBeNull();
  });

  it('has no version while the bus is down, and a new one once it is back', async () => {
    const bus = createBus();
    const hub = await createHub(bus.kv, log);
    const before = hub.version(['slo']);
    bus.cut();
    expect(hub.version(['slo'])).toBeNull();
    bus.mend();
    expect(hub.version(['slo'])).not.toBeNull();
    expect(hub.version(['slo'])).not.toBe(before);
  });

  it('a change made while the bus is down still reaches the listeners of this process', async () => {
    const bus = createBus();
    const hub = await createHub(bus.kv, log);
    const heard: string[] = [];
    hub.subscribe((e) => heard.push(e.topic));
    bus.cut();
    hub.publish('slo');
    expect(heard).toEqual(['slo']);
  });

  it('tells later what it could not tell while it alone was cut off', async () => {
    vi.useFakeTimers();
    const bus = createBus();
    const { kv, unmute } = bus.mute();
    const [cutOff, other] = [await createHub(kv, log), await createHub(bus.kv, log)];
    const before = other.version(['api-keys']);
    const heard: string[] = [];
    other.subscribe(({ topic }) => heard.push(topic));
    for (const topic of ['api-keys', 'users', 'api-keys'] as const) cutOff.publish(topic);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard).toEqual([]);
    unmute();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.toSorted()).toEqual(['api-keys', 'users']);
    expect(other.version(['api-keys'])).not.toBe(before);
    cutOff.publish('slo');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(heard.filter((topic) => topic === 'slo')).toHaveLength(1);
  });

  it('tells nothing more once it is closed', async () => {
    vi.useFakeTimers();
    const bus = createBus();
    const { kv, unmute } = bus.mute();
    const hub = await createHub(kv, log);
    hub.publish('slo');
    await hub.close();
    await vi.advanceTimersByTimeAsync(1);
    unmute();
    const publish = vi.spyOn(bus.kv, 'publish');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(publish).not.toHaveBeenCalled();
  });
});
