import { expect, it } from 'vitest';
import { isTaken } from './taken.ts';

const failed = (code: string, constraint: string): Error => Object.assign(new Error('said no'), { code, constraint });

it.each<[what: string, error: unknown, taken: boolean]>([
  ['the driver says so', failed('23505', 'slos_platform_slug'), true],
  ['what wraps the driver says so', new Error('query', { cause: failed('23505', 'slos_platform_slug') }), true],
  ['another index says so', failed('23505', 'slos_sli'), false],
  ['something else is wrong', failed('23503', 'slos_platform_slug'), false],
  ['nothing is known', 'no', false],
])('is taken when %s', (_, error, taken) => {
  expect(isTaken(error, 'slos_platform_slug')).toBe(taken);
});
