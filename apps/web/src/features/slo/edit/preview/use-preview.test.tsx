import type { SloDefinition, SloPreview } from '@qd/shared/slo';
import { act, renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { aDefinition, aPreview } from '../test/story.ts';
import { previewKey, usePreview } from './use-preview.ts';

interface Asked {
  definition: SloDefinition;
  answer(preview: SloPreview): void;
  refuse(error: Error): void;
}
const asked = vi.hoisted((): Asked[] => []);

vi.mock('../../use-slo-mutations.ts', () => {
  const mutateAsync = ({ definition }: { definition: SloDefinition }) =>
    new Promise<SloPreview>((answer, refuse) => {
      asked.push({ definition, answer, refuse });
    });
  return { usePreviewMutation: () => ({ mutateAsync }) };
});

const pause = () => act(() => vi.advanceTimersByTimeAsync(1_200));
const settle = (end: () => void) =>
  act(async () => {
    end();
    await vi.advanceTimersByTimeAsync(0);
  });
const open = (definition: SloDefinition | null = aDefinition()) =>
  renderHook((one: SloDefinition | null) => usePreview(one), { initialProps: definition });

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('the preview of a form', () => {
  it('is asked for when the typing pauses, for what was typed last', async () => {
    const { rerender, result } = open();
    await act(() => vi.advanceTimersByTimeAsync(800));
    rerender(aDefinition({ targetPercent: '99.5' }));
    await act(() => vi.advanceTimersByTimeAsync(800));
    expect(asked).toHaveLength(0);
    await pause();
    expect(asked.map(({ definition }) => definition.targetPercent)).toEqual(['99.5']);
    expect(result.current.isRunning).toBe(true);
    const preview = aPreview();
    await settle(() => asked[0]?.answer(preview));
    expect(result.current).toMatchObject({ preview, isCurrent: true, isRunning: false, error: null });
  });

  it('never runs twice at once: what changes meanwhile follows', async () => {
    const { rerender, result } = open();
    await pause();
    rerender(aDefinition({ targetPercent: '99.5' }));
    act(() => result.current.refresh());
    await pause();
    expect(asked).toHaveLength(1);
    await settle(() => asked[0]?.answer(aPreview()));
    expect(result.current.isCurrent).toBe(false);
    await pause();
    expect(asked.map(({ definition }) => definition.targetPercent)).toEqual(['99.9', '99.5']);
  });

  it('keeps the last good one when the next fails, and does not try the same again by itself', async () => {
    const { rerender, result } = open();
    await pause();
    const preview = aPreview();
    await settle(() => asked[0]?.answer(preview));
    rerender(aDefinition({ targetPercent: '99.5' }));
    await pause();
    const error = new Error('down');
    await settle(() => asked[1]?.refuse(error));
    expect(result.current).toMatchObject({ preview, isCurrent: false, error });
    await pause();
    expect(asked).toHaveLength(2);
    act(() => result.current.refresh());
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(asked).toHaveLength(3);
  });

  it('asks for nothing while there is nothing to ask for', async () => {
    open(null);
    await pause();
    expect(asked).toHaveLength(0);
  });

  it('does not depend on names and words', () => {
    const key = previewKey(aDefinition());
    expect(previewKey(aDefinition({ name: 'Other', slug: 'other', description: 'x', owner: 'y' }))).toBe(key);
    expect(previewKey(aDefinition({ targetPercent: '99' }))).not.toBe(key);
    expect(previewKey(aDefinition({ exclusionMode: 'good' }))).not.toBe(key);
  });
});
