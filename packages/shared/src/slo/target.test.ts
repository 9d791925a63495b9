import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors/index.ts';
import { DAY_MS, MINUTE_MS } from '../time/index.ts';
import { budgetMsOf, budgetShare, formatAllowedPercent, maxBurnRate, parseTarget } from './target.ts';

/** Every target there is: micro-percents from 0.000001 to 99.999999, written without needless zeros. */
const microPercent = fc.integer({ min: 1, max: 99_999_999 });
const written = (micro: number): string => {
  const text = `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, '0')}`;
  return text.replace(/\.?0+$/, '');
};

function faultOf(text: string): DomainError {
  try {
    parseTarget(text);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseTarget', () => {
  it.each([
    ['99.95', 500_000, 0.0005, '0.05'],
    ['99.9', 1_000_000, 0.001, '0.1'],
    ['99.999999', 10, 1e-8, '0.000001'],
    ['96', 40_000_000, 0.04, '4'],
    ['90', 100_000_000, 0.1, '10'],
    ['50', 500_000_000, 0.5, '50'],
    ['0.000001', 999_999_990, 0.99999999, '99.999999'],
  ])('%s allows %d ppb', (percent, budgetPpb, allowedRatio, allowedPercent) => {
    const target = parseTarget(percent);
    expect(target).toEqual({ percent, budgetPpb, allowedRatio });
    expect(formatAllowedPercent(target)).toBe(allowedPercent);
  });

  it.each([
    ['99.950', '99.95'],
    ['99.0', '99'],
    ['99.9500000000', '99.95'],
    ['10.10', '10.1'],
    ['10', '10'],
  ])('drops needless zeros: %s is %s', (text, percent) => {
    expect(parseTarget(text).percent).toBe(percent);
  });

  it.each([
    '',
    ' ',
    '99.95%',
    '99,95',
    '.5',
    '99.',
    '+99',
    '-99',
    '1e1',
    'NaN',
    'Infinity',
    '0x10',
    '099',
    ' 99',
    '99\n',
    '９９',
    '99.9.9',
  ])('refuses %j as garbage', (text) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('invalid');
    expect(fault.fields).toEqual([{ field: 'targetPercent', message: fault.message }]);
  });

  it.each([
    ['100', /no error budget/],
    ['100.000', /no error budget/],
    ['100.000001', /over 100/],
    ['999', /over 100/],
    ['0', /above 0/],
    ['0.000000', /above 0/],
    ['99.9999999', /more than 6 decimals/],
    ['99.0000001', /more than 6 decimals/],
  ])('refuses %s and says why', (text, sentence) => {
    expect(faultOf(text).message).toMatch(sentence);
  });

  it('is exact for every target: text, parts per billion and text of the rest agree', () => {
    fc.assert(
      fc.property(microPercent, (micro) => {
        const target = parseTarget(written(micro));
        expect(target.percent).toBe(written(micro));
        expect(target.budgetPpb).toBe((100_000_000 - micro) * 10);
        expect(formatAllowedPercent(target)).toBe(written(100_000_000 - micro));
        expect(target.allowedRatio).toBe(Number(`${(100_000_000 - micro) * 10}e-9`));
      }),
    );
  });
});

describe('budgetMsOf', () => {
  it.each([
    ['99.95', 30, 21.6],
    ['99.9', 30, 43.2],
    ['99.95', 28, 20.16],
    ['99.9', 28, 40.32],
    ['99.9', 31, 44.64],
    ['99.95', 7, 5.04],
  ])('%s over %d days is %d minutes', (percent, days, minutes) => {
    expect(budgetMsOf(parseTarget(percent), days * DAY_MS)).toBe(Math.round(minutes * 100) * 600);
    expect(budgetMsOf(parseTarget(percent), days * DAY_MS) / MINUTE_MS).toBe(minutes);
  });

  it('never differs from exact arithmetic by more than the last bit', () => {
    fc.assert(
      fc.property(microPercent, fc.integer({ min: 1, max: 400 * 24 * 60 }), (micro, minutes) => {
        const target = parseTarget(written(micro));
        const nanos = BigInt(target.budgetPpb) * BigInt(minutes) * 60_000n;
        const got = budgetMsOf(target, minutes * MINUTE_MS);
        expect(Math.floor(got)).toBe(Number(nanos / 1_000_000_000n));
        expect(Math.abs(got - Number(nanos) / 1e9)).toBeLessThanOrEqual(Number.EPSILON * got * 2);
      }),
    );
  });
});

describe('budgetShare', () => {
  it.each([
    ['99.95', 2000],
    ['99.9', 1000],
    ['96', 25],
    ['90', 10],
    ['50', 2],
  ])('a full outage burns %s at %d', (percent, burn) => {
    expect(maxBurnRate(parseTarget(percent))).toBe(burn);
  });

  it('gives exactly 1 when exactly the allowed events failed, for any size', () => {
    fc.assert(
      fc.property(microPercent, fc.integer({ min: 1, max: 10_000 }), (micro, scale) => {
        const target = parseTarget(written(micro));
        expect(budgetShare(((100_000_000 - micro) * scale) / 1, 100_000_000 * scale, target)).toBe(1);
      }),
    );
  });

  it('hits a limit exactly instead of passing it by a rounding error', () => {
    expect(budgetShare(144, 10_000, parseTarget('99.9'))).toBe(14.4);
    expect(budgetShare(72_000_000, 10_000_000_000, parseTarget('99.95'))).toBe(14.4);
    expect(budgetShare(432, 100_000, parseTarget('99.97'))).toBe(14.4);
  });
});
