import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { aBoard, aConsumer } from '../../../../test/rotation-story.ts';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import '../keys-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const show = (board: unknown, more: Answers = {}) =>
  renderApp('/keys/m1n2e3r4', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.rotation.board': board,
    ...more,
  });
const panel = async () => within(await screen.findByRole('region', { name: 'Rotation' }));
const inputOf = (calls: { path: string; input: unknown }[], path: string) =>
  calls.findLast((made) => made.path === path)?.input;

test('the steps, who sends what, and whether the old key can end are said', async () => {
  show(aBoard());
  const rotation = await panel();
  expect(await rotation.findByText('Miner ingest, rotation')).toBeTruthy();
  expect(rotation.getByText(/by Jun Watanabe/)).toBeTruthy();
  const steps = rotation.getAllByRole('listitem').map((step) => step.textContent);
  expect(steps[0]).toMatch(/^New key created.*expires/);
  expect(steps[1]).toMatch(/^Consumers told3 of 3 notified, 1 acknowledged/);
  expect(steps[2]).toBe('Consumers move1 of 3 on the new key');
  expect(steps[3]).toMatch(/^Old key ends.*, or now$/);
  const row = (name: string) => within(rotation.getByRole('row', { name: new RegExp(name) })).getAllByRole('cell');
  expect(row('edge-gw-1').map((cell) => cell.textContent)).toEqual(expect.arrayContaining(['New key', '0', '84,310']));
  expect(row('batch-import').map((cell) => cell.textContent)).toEqual(expect.arrayContaining(['Both', '1,204', '688']));
  expect(rotation.getByText('Not safe to close')).toBeTruthy();
  expect(rotation.getByText(/still used by batch-import, edge-gw-2, last/)).toBeTruthy();
});

test('both clocks are said, and the one that counts', async () => {
  show(aBoard({ graceMs: 24 * HOUR_MS, graceEndsAt: NOW + 4 * HOUR_MS, endsAt: NOW + 4 * HOUR_MS }));
  const rotation = await panel();
  expect(await rotation.findByText(/after the first use of the new one is .*, the deadline/)).toBeTruthy();
});

test('a notice that did not arrive, consumers not told apart and unknown callers are named', async () => {
  const consumers = [aConsumer({ name: 'mailer', sends: null, notDelivered: 'The mail server is away.' })];
  const caller = {
    address: '192.0.2.9',
    agent: 'python',
    sends: 'old' as const,
    oldLastHour: 3,
    newLastHour: 0,
    lastOldAt: NOW,
  };
  show(aBoard({ consumers, unknown: [caller], unknownMore: 4 }));
  const rotation = await panel();
  expect(await rotation.findByText('Not delivered: The mail server is away.')).toBeTruthy();
  expect(rotation.getByText('Not told apart')).toBeTruthy();
  expect(rotation.getByText('Unknown, 192.0.2.9')).toBeTruthy();
  expect(rotation.getByText('4 more unknown callers.')).toBeTruthy();
  expect(rotation.getByText(/1 of 1 notified, 0 acknowledged.*, 1 not delivered/)).toBeTruthy();
});

test('a key that was never rotated has no such section; one that did not load says so', async () => {
  const { unmount } = show(null);
  await screen.findByRole('region', { name: 'Callers' });
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Rotation' })).toBeNull());
  unmount();
  show(refusal('upstream', 'The database is away.'));
  expect(await (await panel()).findByText('The rotation did not load.')).toBeTruthy();
});

test('the old key is given longer, with a reason', async () => {
  const { calls } = show(aBoard(), { 'apiKeys.rotation.extend': { endsAt: NOW + 13 * DAY_MS } });
  fireEvent.click(await (await panel()).findByRole('button', { name: 'Extend' }));
  const dialog = within(await screen.findByRole('dialog'));
  fireEvent.change(dialog.getByLabelText('Days longer'), { target: { value: '40' } });
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'edge-gw-2 needs a window' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Extend' }));
  expect(await dialog.findByText('Give whole days, 1 to 23.')).toBeTruthy();
  fireEvent.change(dialog.getByLabelText('Days longer'), { target: { value: '7' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Extend' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(inputOf(calls, 'apiKeys.rotation.extend')).toEqual({
    keyId: 'm1n2e3r4',
    days: 7,
    reason: 'edge-gw-2 needs a window',
  });
});

test('days longer count from the deadline, also while the grace runs', async () => {
  show(aBoard({ graceMs: 24 * HOUR_MS, graceEndsAt: NOW + 4 * HOUR_MS, endsAt: NOW + 4 * HOUR_MS }));
  fireEvent.click(await (await panel()).findByRole('button', { name: 'Extend' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(
    dialog.getByText(/^Counted from the deadline; at most 23 d.*First use of the new key then ends nothing/),
  ).toBeTruthy();
});

test('calling off asks again when the new key is used', async () => {
  const { calls } = show(aBoard(), { 'apiKeys.rotation.cancel': { revokedKeyId: 's1u2c3c4' } });
  fireEvent.click(await (await panel()).findByRole('button', { name: 'Call off' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/84,998 calls of named consumers/)).toBeTruthy();
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'wrong scopes' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Call off' }));
  expect(await dialog.findByText('Confirm that the new key is to stop.')).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.rotation.cancel')).toBeUndefined();
  fireEvent.click(dialog.getByRole('checkbox'));
  fireEvent.click(dialog.getByRole('button', { name: 'Call off' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(inputOf(calls, 'apiKeys.rotation.cancel')).toMatchObject({ successorInUse: true });
});

test('a rotation that is over offers nothing more', async () => {
  show(aBoard({ isOpen: false, outcome: 'completed', closedAt: NOW - DAY_MS, endsAt: NOW - DAY_MS }));
  const rotation = await panel();
  expect(await rotation.findByText('Old key ended')).toBeTruthy();
  expect(rotation.queryByRole('button', { name: 'Extend' })).toBeNull();
});
