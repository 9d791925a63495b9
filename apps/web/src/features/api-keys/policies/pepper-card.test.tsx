import { expect, test } from 'vitest';
import { progressWords } from './pepper-card.tsx';

test.each([
  [
    { keys: 840, moved: 812, current: 3 },
    '812 of 840 keys on pepper v3. The others move when they are next used; until then the former pepper must stay configured.',
  ],
  [{ keys: 840, moved: 840, current: 3 }, '840 of 840 keys on pepper v3. No former pepper is needed for them.'],
  [{ keys: 1, moved: 1, current: 1 }, '1 of 1 key on pepper v1. No former pepper is needed for them.'],
  [{ keys: 0, moved: 0, current: 2 }, 'There are no live keys.'],
])('says how far the keys have moved: %j', (view, words) => {
  expect(progressWords(view)).toBe(words);
});
