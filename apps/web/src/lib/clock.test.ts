import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { byServerClock, noteServerTime, resetServerTime, serverOffsetMs, useNow } from './clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function setHidden(hidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

test('a clock within the second of the date header counts as right', () => {
  noteServerTime(10_000, 10_100, 10_400);
  expect(serverOffsetMs()).toBe(0);
});

test('a slow clock is corrected by the least that is proven, and narrowed by more answers', () => {
  noteServerTime(60_000, 10_000, 10_200);
  expect(serverOffsetMs()).toBe(49_800);
  noteServerTime(61_000, 11_100, 11_150);
  expect(serverOffsetMs()).toBe(49_850);
});

test('what a wrong clock noted is said by the right one; never stays never', () => {
  noteServerTime(60_000, 10_000, 10_200);
  expect(byServerClock(10_500)).toBe(60_300);
  expect(byServerClock(0)).toBe(0);
});

test('a clock that was set starts the estimate anew', () => {
  noteServerTime(60_000, 10_000, 10_200);
  noteServerTime(60_000, 60_000, 60_200);
  expect(serverOffsetMs()).toBe(0);
});

test('the clock ticks on the second, and stands still in a hidden tab', () => {
  vi.setSystemTime(1_700_000_000_400);
  const { result } = renderHook(() => useNow(1_000));
  act(() => vi.advanceTimersByTime(600));
  expect(result.current).toBe(1_700_000_001_000);
  act(() => setHidden(true));
  act(() => vi.advanceTimersByTime(5_000));
  expect(result.current).toBe(1_700_000_001_000);
  act(() => setHidden(false));
  expect(result.current).toBe(1_700_000_006_000);
});
