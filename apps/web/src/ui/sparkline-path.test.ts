import { describe, expect, it } from 'vitest';
import { segmentsOf, yOf } from './sparkline-path.ts';

const scale = { startMs: 0, endMs: 100, bottomRatio: 0 };

describe('segmentsOf', () => {
  it('draws from the top left and never over a gap', () => {
    const parts = segmentsOf([0, 10, 20, 30, 40], [1, 0.9, null, 0.5, 0.4], scale);
    expect(parts).toEqual([
      { line: 'M0 0L100 100', fromX: 0, toX: 100 },
      { line: 'M300 500L400 600', fromX: 300, toX: 400 },
    ]);
  });

  it('keeps to the axis and can begin late', () => {
    const parts = segmentsOf([-10, 0, 50, 110], [1, 1, 0.5, 0.2], scale);
    expect(parts.map((part) => part.line)).toEqual(['M0 0L500 500']);
    expect(segmentsOf([0, 50, 60], [1, 0.5, 0.4], scale, 50).map((part) => part.line)).toEqual(['M500 500L600 600']);
  });
});

describe('yOf', () => {
  it('leaves room below zero when overspent', () => {
    expect(yOf(1, -0.25)).toBe(0);
    expect(yOf(0, -0.25)).toBe(800);
    expect(yOf(-0.25, -0.25)).toBe(1000);
  });
});
