import { describe, expect, it } from 'vitest';
import { FLOOR_HEIGHT_RATIO, gapsOf, OBJECTIVE_HEIGHT_RATIO, stripHeightRatio } from './strip-scale.ts';

describe('stripHeightRatio', () => {
  it.each([0.0005, 0.001, 0.01, 0.2])('puts the objective %s at the same height', (objectiveRatio) => {
    expect(stripHeightRatio(objectiveRatio, objectiveRatio)).toBeCloseTo(OBJECTIVE_HEIGHT_RATIO, 12);
    expect(stripHeightRatio(1, objectiveRatio)).toBeCloseTo(1, 12);
  });

  it('rises without a jump at the objective', () => {
    const heights = [0, 1e-6, 1e-5, 1e-4, 4.999e-4, 5e-4, 5.001e-4, 0.01, 0.38, 1].map((value) =>
      stripHeightRatio(value, 5e-4),
    );
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect(stripHeightRatio(5.001e-4, 5e-4) - stripHeightRatio(4.999e-4, 5e-4)).toBeLessThan(0.001);
  });

  it('draws zero as a low bar and never passes the top', () => {
    expect(stripHeightRatio(0, 0.01)).toBe(FLOOR_HEIGHT_RATIO);
    expect(stripHeightRatio(1.7, 0.01)).toBe(1);
    expect(stripHeightRatio(0.9, 0.01, 0.5)).toBe(1);
    expect(stripHeightRatio(0.3, 0.2, 0.1)).toBe(1);
  });
});

describe('gapsOf', () => {
  it('joins missing steps that follow each other', () => {
    expect(gapsOf([null, 1, null, null, 1, null], 0.1)).toEqual([
      { fromRatio: 0, toRatio: 0.1 },
      { fromRatio: 0.2, toRatio: 0.4 },
      { fromRatio: 0.5, toRatio: expect.closeTo(0.6, 12) },
    ]);
    expect(gapsOf([1, 0], 0.1)).toEqual([]);
  });
});
