import type { RevocationView } from '@qd/shared/api-keys/ending';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aBudget, aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const view: RevocationView = {
  targetPercent: '99.9',
  withinMs: 1_000,
  windowMs: 30 * 86_400_000,
  budget: aBudget({ leftRatio: 0.94, totalEvents: 1_440, badEvents: 0, coverageRatio: 1 }),
  p50Ms: 12,
  p99Ms: 38,
  slowestMs: 210,
  neverRefused: 0,
  replicas: 2,
  lastAt: NOW - 20_000,
  bus: 'up',
  asOf: NOW,
};

async function open(answer: unknown) {
  const shown = renderApp('/keys', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.revocation': answer,
  });
  const card = within(await screen.findByRole('region', { name: 'How soon ended keys are refused' }));
  return { ...shown, card };
}
const factsOf = (card: Awaited<ReturnType<typeof open>>['card']) =>
  card.getAllByRole('term').map((term) => `${term.textContent}: ${term.nextElementSibling?.textContent}`);

test('the objective, what was measured, how old that is and how it is counted are said', async () => {
  const { card } = await open(view);
  expect(await card.findByText('99.9% within 1,000 ms over 30 d')).toBeTruthy();
  expect(card.getByText('Ended keys are refused within 1,000 ms. 99% are refused within 38 ms.')).toBeTruthy();
  expect(factsOf(card)).toEqual([
    'Half within: 12 ms',
    '99% within: 38 ms',
    'Slowest: 210 ms',
    'Budget left: 94.0%',
    'Measured: 20 s ago',
  ]);
  fireEvent.click(card.getByRole('button', { name: 'How computed' }));
  expect(await screen.findByText(/^1,440 good of 1,440 measurements\. Allowed to fail: 0\.1%\./)).toBeTruthy();
  expect(screen.getByText(/every replica \(2 now\) asks its own verifier/)).toBeTruthy();
});

test('a key that was never refused weighs more than any average, and a bus that is down or missing is named', async () => {
  const { card, unmount } = await open({ ...view, neverRefused: 2, bus: 'down' });
  expect(await card.findByText('2 times an ended key still worked after 30 s.')).toBeTruthy();
  expect(factsOf(card)).toContain('Slowest: over 30 s');
  expect(card.getByText(/^The bus between replicas is down/)).toBeTruthy();
  unmount();
  const alone = await open({ ...view, bus: 'none' });
  expect(await alone.card.findByText(/^Without Redis replicas do not hear of each other/)).toBeTruthy();
});

test('nothing measured yet and a failed read are said as what they are', async () => {
  const none = { p50Ms: null, p99Ms: null, slowestMs: null, lastAt: null, budget: aBudget({ leftRatio: null }) };
  const first = await open({ ...view, ...none });
  expect(await first.card.findByText('Nothing is measured yet; the first minute ends soon.')).toBeTruthy();
  expect(factsOf(first.card)).toContain('Measured: not yet');
  first.unmount();
  let isDown = true;
  const { card } = await open(() => (isDown ? refusal('upstream', 'No database.') : view));
  expect(await card.findByText('How soon ended keys are refused did not load.')).toBeTruthy();
  isDown = false;
  fireEvent.click(card.getByRole('button', { name: /Try again/ }));
  await waitFor(() => expect(card.getByText(/^Ended keys are refused within 1,000 ms\./)).toBeTruthy());
});
