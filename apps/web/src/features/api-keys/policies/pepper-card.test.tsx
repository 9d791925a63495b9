import type { PeppersView } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import { progressWords } from './pepper-card.tsx';
import './policies-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const straggler = (id: string, lastUsedAt: number | null): PeppersView['stragglers'][number] => ({
  id,
  name: `Key ${id}`,
  platform: 'hashinsight',
  version: 2,
  lastUsedAt,
});
const view: PeppersView = {
  current: 3,
  since: NOW - DAY_MS,
  keys: 840,
  moved: 838,
  stragglers: [straggler('a1', NOW - 41 * DAY_MS)],
  nextCursor: 'a1',
  asOf: NOW,
};

async function open(answer: unknown) {
  const shown = renderApp('/keys/policies', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.policies.get': 'pending',
    'apiKeys.peppers': answer,
  });
  return { ...shown, card: within(await screen.findByRole('region', { name: 'Pepper' })) };
}

test.each([
  [
    { keys: 840, moved: 812, current: 3 },
    '812 of 840 keys on pepper v3. The others move when they are next used; until then the former pepper must stay configured.',
  ],
  [{ keys: 840, moved: 840, current: 3 }, '840 of 840 keys on pepper v3. No former pepper is needed for them.'],
  [{ keys: 1, moved: 1, current: 1 }, '1 of 1 key on pepper v1. No former pepper is needed for them.'],
  [{ keys: 0, moved: 0, current: 2 }, 'There are no live keys.'],
])('says how far the keys have moved: %j', (of, words) => {
  expect(progressWords(of)).toBe(words);
});

test('keys that were not used since the pepper changed are named, page by page', async () => {
  const { card, calls } = await open((input: { cursor?: string }) =>
    input.cursor === undefined ? view : { ...view, stragglers: [straggler('b2', null)], nextCursor: null },
  );
  const link = await card.findByRole('link', { name: 'Key a1' });
  expect(link.getAttribute('href')).toBe('/keys/a1');
  expect(card.getByText(/^838 of 840 keys on pepper v3\./)).toBeTruthy();
  expect(card.getByText('as of 3 Oct, 14:47 UTC')).toBeTruthy();
  fireEvent.click(card.getByRole('button', { name: 'Show more' }));
  const last = await card.findByRole('row', { name: /Key b2.*v2.*Never/ });
  expect(last).toBeTruthy();
  expect(card.queryByRole('button', { name: 'Show more' })).toBeNull();
  expect(calls.filter(({ path }) => path === 'apiKeys.peppers').map(({ input }) => input)).toMatchObject([
    { limit: 25 },
    { limit: 25, cursor: 'a1' },
  ]);
});

test('where every key has moved no table stands, and a failed read says so', async () => {
  const all = await open({ ...view, moved: 840, stragglers: [], nextCursor: null });
  expect(await all.card.findByText(/No former pepper is needed for them\.$/)).toBeTruthy();
  expect(all.card.queryByRole('table')).toBeNull();
  all.unmount();
  const { card } = await open(refusal('upstream', 'No database.'));
  await waitFor(() => expect(card.getByText('The progress of the pepper did not load.')).toBeTruthy());
});
