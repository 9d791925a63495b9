import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveStream, POLL_MS, type Stream } from './live-stream.ts';

class FakeStream implements Stream {
  readyState = 0;
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  emit(type: string, data = ''): void {
    this.listeners.get(type)?.(new MessageEvent(type, { data }));
  }
}

function setUp(over: { hidden?: () => boolean } = {}) {
  const streams: FakeStream[] = [];
  const stale: string[][] = [];
  const live = createLiveStream({
    topics: ['slo', 'changes'],
    open: () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
    onStale: (topics) => stale.push([...topics].sort()),
    now: () => Date.now(),
    random: () => 0.5,
    isHidden: over.hidden ?? (() => false),
  });
  live.start();
  const newest = (): FakeStream => {
    const stream = streams.at(-1);
    if (!stream) throw new Error('no stream was opened');
    return stream;
  };
  return { live, streams, stale, newest };
}

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const change = (topic: string): string => JSON.stringify({ topic, version: 3 });

test('changes within the jitter are read once', () => {
  const { live, newest, stale } = setUp();
  newest().emit('open');
  expect(live.status().state).toBe('live');
  newest().emit('change', change('slo'));
  newest().emit('change', change('changes'));
  newest().emit('change', change('slo'));
  expect(stale).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(stale).toEqual([['changes', 'slo']]);
});

test('an event that cannot be read makes everything old', () => {
  const { newest, stale } = setUp();
  newest().emit('change', '{');
  vi.advanceTimersByTime(1_000);
  expect(stale).toEqual([['*']]);
});

test('paused, changes wait and are counted; resuming reads them at once', () => {
  const { live, newest, stale } = setUp();
  newest().emit('open');
  live.setPaused(true);
  newest().emit('change', change('slo'));
  vi.advanceTimersByTime(60_000);
  expect(stale).toEqual([]);
  expect(live.status()).toMatchObject({ state: 'paused', waiting: 1 });
  live.setPaused(false);
  expect(stale).toEqual([['slo']]);
  expect(live.status()).toMatchObject({ state: 'live', waiting: 0 });
});

test('a hidden tab reads when it is shown', () => {
  let hidden = true;
  const { live, newest, stale } = setUp({ hidden: () => hidden });
  newest().emit('change', change('slo'));
  vi.advanceTimersByTime(10_000);
  expect(stale).toEqual([]);
  hidden = false;
  live.shown();
  expect(stale).toEqual([['slo']]);
});

test('down: says since when, polls every 15 s, and stops when it is back', () => {
  const { live, newest, stale } = setUp();
  newest().emit('open');
  newest().emit('error');
  expect(live.status()).toMatchObject({ state: 'reconnecting', downSince: 1_700_000_000_000, tries: 1 });
  vi.advanceTimersByTime(POLL_MS);
  expect(live.status().state).toBe('polling');
  expect(stale).toEqual([['*']]);
  vi.advanceTimersByTime(POLL_MS);
  expect(stale).toHaveLength(2);
  newest().emit('open');
  vi.advanceTimersByTime(1_000);
  expect(live.status()).toMatchObject({ state: 'live', downSince: null });
  expect(stale).toHaveLength(3);
  vi.advanceTimersByTime(10 * POLL_MS);
  expect(stale).toHaveLength(3);
});

test('a refused stream is opened anew, later each time, and an old one is not heard', () => {
  const { live, streams, newest, stale } = setUp();
  const first = newest();
  first.readyState = 2;
  first.emit('error');
  vi.advanceTimersByTime(1_000);
  expect(streams).toHaveLength(2);
  first.emit('change', change('slo'));
  newest().readyState = 2;
  newest().emit('error');
  vi.advanceTimersByTime(1_000);
  expect(streams).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(streams).toHaveLength(3);
  expect(stale).toEqual([]);
  live.stop();
  vi.advanceTimersByTime(120_000);
  expect(stale).toEqual([]);
});

test('when the server answers again, a waiting stream is opened at once, an open one is left alone', () => {
  const { live, streams, newest } = setUp();
  newest().readyState = 2;
  newest().emit('error');
  live.retry();
  expect(streams).toHaveLength(2);
  newest().emit('open');
  live.retry();
  vi.advanceTimersByTime(60_000);
  expect(streams).toHaveLength(2);
});
