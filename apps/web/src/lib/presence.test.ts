import { describe, expect, it } from 'vitest';
import { requestHeaders, watchPresence } from './presence.ts';

describe('presence', () => {
  it('says that nobody is there a minute after the last sign of a person', () => {
    let now = 1_000_000;
    const page = new EventTarget();
    watchPresence(page, () => now);
    expect(requestHeaders(now + 60_000)).toEqual({ 'x-qd': '1' });
    expect(requestHeaders(now + 60_001)).toEqual({ 'x-qd': '1', 'x-qd-away': '1' });
    now += 300_000;
    page.dispatchEvent(new Event('keydown'));
    expect(requestHeaders(now + 1_000)).toEqual({ 'x-qd': '1' });
  });
});
