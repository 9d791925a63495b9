// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Delayed, Skeleton } from './skeleton.tsx';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number): void => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

describe('Delayed', () => {
  it('shows nothing for 150 ms, then the skeleton, then words from 2 s', () => {
    const { container } = render(
      <Delayed words="Reading 30 days…">
        <Skeleton />
      </Delayed>,
    );
    const frame = container.firstElementChild;
    expect(frame?.getAttribute('aria-busy')).toBe('true');
    pass(149);
    expect(frame?.classList.contains('invisible')).toBe(true);
    pass(1);
    expect(frame?.classList.contains('invisible')).toBe(false);
    pass(1_849);
    expect(screen.getByRole('status').textContent).toBe('');
    pass(1);
    expect(screen.getByRole('status').textContent).toBe('Reading 30 days…');
  });

  it('can take no space until it shows', () => {
    const { container } = render(
      <Delayed collapsed>
        <Skeleton />
      </Delayed>,
    );
    expect(container.childElementCount).toBe(0);
    pass(150);
    expect(container.childElementCount).toBe(1);
  });
});
