// @vitest-environment jsdom
import { act, fireEvent, renderHook, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToastProvider, type Toasts, useToasts } from './toast.tsx';

let toasts: Toasts;

beforeEach(() => {
  vi.useFakeTimers();
  toasts = renderHook(useToasts, { wrapper: ToastProvider }).result.current;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('toasts', () => {
  it('stay for 10 s and offer the way back', () => {
    const undo = vi.fn();
    act(() => toasts.show({ message: 'Key ended.', undo }));
    act(() => vi.advanceTimersByTime(9_999));
    fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect(undo).toHaveBeenCalledOnce();
    expect(screen.queryByText('Key ended.')).toBeNull();
  });

  it('go away by themselves, but not under the pointer', () => {
    act(() => toasts.show({ message: 'Saved.' }));
    const line = screen.getByText('Saved.').closest('.qd-toast');
    if (line === null) throw new Error('The toast is not shown.');
    fireEvent.pointerEnter(line);
    act(() => vi.advanceTimersByTime(60_000));
    expect(screen.getByText('Saved.')).toBeTruthy();
    fireEvent.pointerLeave(line);
    act(() => vi.advanceTimersByTime(10_000));
    expect(screen.queryByText('Saved.')).toBeNull();
  });

  it('take back the newest change by key, once', () => {
    const first = vi.fn();
    const second = vi.fn();
    act(() => {
      toasts.show({ message: 'One.', undo: first });
      toasts.show({ message: 'Two.', undo: second });
      toasts.show({ message: 'Three.' });
    });
    act(() => expect(toasts.undoLast()).toBe(true));
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    act(() => expect(toasts.undoLast()).toBe(true));
    act(() => expect(toasts.undoLast()).toBe(false));
    expect(first).toHaveBeenCalledOnce();
  });
});
