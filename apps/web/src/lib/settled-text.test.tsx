import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useSettledText } from './settled-text.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function field(initial = '') {
  const onSettle = vi.fn<(value: string) => void>();
  const { result, rerender } = renderHook(({ value }) => useSettledText(value, onSettle), {
    initialProps: { value: initial },
  });
  return {
    onSettle,
    type(text: string): void {
      act(() => result.current.setDraft(text));
    },
    settle(text: string): void {
      act(() => result.current.settle(text));
    },
    pause(): void {
      act(() => void vi.advanceTimersByTime(1_000));
    },
    addressSays: (value: string) => rerender({ value }),
    shown: () => result.current.draft,
  };
}

describe('useSettledText', () => {
  it('shows every letter at once and hands the text on when the typing pauses', () => {
    const { onSettle, type, pause, shown } = field();
    for (const text of ['h', 'ha', 'has', 'hash ']) type(text);
    expect(shown()).toBe('hash ');
    expect(onSettle).not.toHaveBeenCalled();
    pause();
    expect(onSettle.mock.calls).toEqual([['hash']]);
    expect(shown()).toBe('hash ');
  });

  it('keeps the letters when the address arrives late, one settled text after the other', () => {
    const { type, pause, addressSays, shown } = field();
    type('ha');
    pause();
    type('hash');
    pause();
    addressSays('ha');
    expect(shown()).toBe('hash');
    addressSays('hash');
    expect(shown()).toBe('hash');
  });

  it('follows an address that changes from outside, also back to what was typed before', () => {
    const { type, pause, addressSays, shown } = field('old');
    addressSays('new');
    expect(shown()).toBe('new');
    type('mine');
    pause();
    addressSays('mine');
    addressSays('new');
    expect(shown()).toBe('new');
    addressSays('mine');
    expect(shown()).toBe('mine');
  });

  it('settles at once when asked to, and only once', () => {
    const { onSettle, type, settle, pause, shown } = field('old');
    type('olde');
    settle('');
    pause();
    expect(onSettle.mock.calls).toEqual([['']]);
    expect(shown()).toBe('');
  });
});
