import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, stakeholder } from '../../../test/fixtures.ts';
import { aKey, keyCounts, keys, NOW } from '../../../test/keys-story.ts';
import { refusal, renderApp } from '../../../test/render-app.tsx';
import { owner } from '../../../test/users-story.ts';
import { resetServerTime } from '../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const asOwner = { ...keys, 'session.get': aSession({ user: owner }) };
const table = () => screen.findByRole('table', { name: 'API keys by platform' });
const inputsOf = (calls: { path: string; input: unknown }[], path: string) =>
  calls.filter((made) => made.path === path).map((made) => made.input);
const call = async () => (await screen.findByRole('heading', { level: 1 })).textContent;

test('what is most due is said first, and every key stands on one axis', async () => {
  renderApp('/keys', asOwner);
  const rows = within(await table());
  expect(await call()).toBe(
    'StellarEscrow’s Admin key is 2 days overdue. Miner ingest is mid-rotation: two consumers have not moved to the new key.',
  );
  expect(screen.getByText('4 keys, 4 usable')).toBeTruthy();
  expect(rows.getByText('rotates each quarter, overlap 7 d')).toBeTruthy();
  expect(rows.getAllByText('Overdue by 2 d').length).toBeGreaterThan(0);
  expect(rows.getAllByText('4,120 / min').length).toBeGreaterThan(0);
  const bars = rows.getAllByRole('img').map((bar) => bar.getAttribute('aria-label'));
  expect(bars).toContain('Works since 14 Aug, ends 9 Oct. Its successor works since 2 Oct and ends 31 Dec.');
  expect(screen.getByRole('radio', { name: 'Due 1' })).toBeTruthy();
});

test('filters are in the address and in the question, and a whole key never is', async () => {
  const { calls, address } = renderApp('/keys?platform=hashinsight', asOwner);
  await table();
  fireEvent.click(screen.getByRole('radio', { name: 'Unused 1' }));
  await waitFor(() => expect(address.current).toContain('show=unused'));
  const secret = 'Zz9'.repeat(13).slice(0, 38);
  fireEvent.change(screen.getByRole('searchbox', { name: 'Name or id of a key' }), {
    target: { value: `hsi_prod_key_a1b2c3d4${secret}` },
  });
  await waitFor(() => expect(address.current).toContain('text=hsi_prod_key_a1b2c3d4'));
  expect(JSON.stringify([calls, address.current, document.body.innerHTML])).not.toContain(secret);
  expect(inputsOf(calls, 'apiKeys.list').at(-1)).toMatchObject({
    show: 'unused',
    platform: 'hashinsight',
    text: 'hsi_prod_key_a1b2c3d4',
  });
});

test('J moves, Enter opens the key under the list, Escape closes it', async () => {
  const { address } = renderApp('/keys', asOwner);
  await table();
  fireEvent.keyDown(document.body, { key: 'j' });
  fireEvent.keyDown(document.body, { key: 'j' });
  fireEvent.keyDown(document.body, { key: 'Enter' });
  await waitFor(() => expect(address.current).toBe('/keys/a1b2c3d4'));
  const panel = within(await screen.findByRole('region', { name: 'Billing sync' }));
  expect(await panel.findByText('edge-gw-1')).toBeTruthy();
  expect(panel.getByText('1,233 calls, 3 refused')).toBeTruthy();
  expect(panel.getByText('Refused: 3 over the rate limit.')).toBeTruthy();
  expect(await panel.findByText('used 1 of 2 in 30 d')).toBeTruthy();
  expect(panel.getByText(/^One scope was not used in 30 d\./)).toBeTruthy();
  fireEvent.keyDown(document.body, { key: 'Escape' });
  await waitFor(() => expect(address.current).toBe('/keys'));
});

test('keys chosen are revoked at once, with the cost named and who was refused', async () => {
  const { calls } = renderApp('/keys', {
    ...asOwner,
    'apiKeys.ending.revokeMany': [
      { id: 'a1b2c3d4', isEnded: true, message: null },
      { id: 'd1e2v3s4', isEnded: false, message: 'It was revoked before.' },
    ],
  });
  const rows = within(await table());
  for (const name of ['Select Billing sync', 'Select Dev sandbox', 'Select Legacy exporter']) {
    fireEvent.click(rows.getAllByRole('checkbox', { name })[0] ?? document.body);
  }
  const bar = within(await screen.findByRole('region', { name: 'Acts on those chosen' }));
  expect(bar.getByText('3 keys chosen')).toBeTruthy();
  fireEvent.click(bar.getByRole('button', { name: 'Revoke' }));
  const asked = within(await screen.findByRole('dialog', { name: 'Revoke 2 keys?' }));
  expect(asked.getByText(/about 38 requests a minute/)).toBeTruthy();
  expect(asked.getByText('Legacy exporter: is revoked already')).toBeTruthy();
  fireEvent.change(asked.getByLabelText(/^Type/), { target: { value: '2 keys' } });
  fireEvent.click(asked.getByRole('button', { name: 'Revoke' }));
  expect(await asked.findByText('Say why, in 3 to 500 characters.')).toBeTruthy();
  fireEvent.change(asked.getByLabelText(/^Reason/), { target: { value: 'The desk closes' } });
  fireEvent.click(asked.getByRole('button', { name: 'Revoke' }));
  expect(await screen.findByText('Revoke: done for 1 of 2 keys')).toBeTruthy();
  expect(screen.getByText(/It was revoked before/)).toBeTruthy();
  expect(inputsOf(calls, 'apiKeys.ending.revokeMany')).toEqual([
    { ids: ['a1b2c3d4', 'd1e2v3s4'], reason: 'The desk closes' },
  ]);
});

test('a single key that was chosen is revoked with its name typed, as from its own panel', async () => {
  const ended = [{ id: 'a1b2c3d4', isEnded: true, message: null, isLedgerPending: false }];
  const { calls } = renderApp('/keys', { ...asOwner, 'apiKeys.ending.revokeMany': ended });
  const rows = within(await table());
  fireEvent.click(rows.getAllByRole('checkbox', { name: 'Select Billing sync' })[0] ?? document.body);
  const bar = within(await screen.findByRole('region', { name: 'Acts on those chosen' }));
  fireEvent.click(bar.getByRole('button', { name: 'Revoke' }));
  const asked = within(await screen.findByRole('dialog', { name: 'Revoke 1 key?' }));
  fireEvent.change(asked.getByLabelText(/^Reason/), { target: { value: 'The desk closes' } });
  fireEvent.change(asked.getByLabelText(/^Type/), { target: { value: '1 key' } });
  fireEvent.click(asked.getByRole('button', { name: 'Revoke' }));
  expect(inputsOf(calls, 'apiKeys.ending.revokeMany')).toEqual([]);
  fireEvent.change(asked.getByLabelText(/^Type/), { target: { value: 'Billing sync' } });
  fireEvent.click(asked.getByRole('button', { name: 'Revoke' }));
  expect(await screen.findByText('Revoke: done for 1 of 1 key')).toBeTruthy();
  expect(inputsOf(calls, 'apiKeys.ending.revokeMany')).toEqual([
    { ids: ['a1b2c3d4'], reason: 'The desk closes', typedName: 'Billing sync' },
  ]);
});

test('further keys are read when asked for', async () => {
  const { calls } = renderApp('/keys', {
    ...asOwner,
    'apiKeys.list': (input: unknown) =>
      JSON.stringify(input).includes('"c2"')
        ? { rows: [aKey({ id: 'last0000', name: 'Last one' })], nextCursor: null }
        : { rows: [aKey()], nextCursor: 'c2' },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Show more keys' }));
  expect((await screen.findAllByText('Last one')).length).toBeGreaterThan(0);
  expect(inputsOf(calls, 'apiKeys.list').at(-1)).toMatchObject({ cursor: 'c2' });
});

test('there is no key yet, none is due, none matches', async () => {
  const none = { ...asOwner, 'apiKeys.list': { rows: [], nextCursor: null } };
  const nothing = { count: 0, first: null };
  const empty = keyCounts({
    hasKeys: false,
    live: 0,
    usable: 0,
    overdue: nothing,
    rotating: nothing,
    expiring: nothing,
  });
  const first = renderApp('/keys', { ...none, 'apiKeys.counts': { ...empty, counts: { ...empty.counts, due: 0 } } });
  expect(await screen.findByText('No API key here yet.')).toBeTruthy();
  expect(await call()).toBe('There is no API key yet.');
  first.unmount();
  const second = renderApp('/keys?show=due', none);
  expect(await screen.findByText('No key is due for rotation.')).toBeTruthy();
  second.unmount();
  renderApp('/keys?text=zzz', none);
  expect(await screen.findByText('No key matches “zzz”.')).toBeTruthy();
});

test('what could not be read is said, with what still works', async () => {
  renderApp('/keys/a1b2c3d4', {
    ...asOwner,
    'apiKeys.list': refusal('upstream', 'The database does not answer.'),
    'apiKeys.get': refusal('not_found', 'There is no such key.'),
  });
  expect(await screen.findByText('The list of keys did not load.')).toBeTruthy();
  expect(await screen.findByText(/There is no such key, or it belongs/)).toBeTruthy();
  expect(await call()).toContain('StellarEscrow');
});

test('who may not see keys is told who may', async () => {
  renderApp('/keys', { ...keys, 'session.get': aSession({ user: stakeholder }) });
  expect(await call()).toBe('API keys are not open to your role.');
});
