import type { EndingPreview } from '@qd/shared/api-keys/ending';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { miner } from '../../../../test/keys-story.ts';
import { renderApp } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import '../leaks/leak-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const operator = aUser({
  grants: [{ platform: '*', permissions: ['platforms:read', 'api-keys:read', 'api-keys:rotate'] }],
});
const preview: EndingPreview = {
  id: miner.id,
  name: 'Miner ingest',
  platform: 'hashinsight',
  environment: 'prod',
  state: 'active',
  ownerEmail: null,
  perMinute: 1_403,
  lastHour: 84_180,
  lastDay: 2_000_000,
  callers: [
    {
      address: '203.0.113.9',
      agent: 'edge/2',
      consumer: 'edge-gw-2',
      lastHour: 84_180,
      lastDay: 2_000_000,
      lastAt: NOW,
    },
  ],
  callersMore: 0,
  from: ['edge-gw-2', 'batch-import'],
  consumers: [],
  rotation: null,
  asOf: NOW,
};
const report = {
  id: 'klr_1',
  source: 'paste' as const,
  place: 'ticket 4711',
  leakedAt: NOW - DAY_MS,
  characters: 1_200,
  candidates: 1,
  reportedBy: 'Jun Watanabe',
  reportedAt: NOW,
  usageSince: NOW - DAY_MS,
  counts: { found: 1, stopped: 1, working: 0 },
  hitsCursor: null,
  hits: [
    {
      keyId: miner.id,
      name: 'Miner ingest',
      platform: 'hashinsight',
      environment: 'prod' as const,
      action: 'quarantined' as const,
      state: 'quarantined' as const,
      callsSince: 42,
      callers: [{ address: '192.0.2.4', agent: 'curl/8', calls: 42, lastAt: NOW - 60_000 }],
    },
  ],
};
const answers = {
  'session.get': aSession({ user: operator }),
  'apiKeys.leaks.list': { rows: [report], nextCursor: null },
  'apiKeys.leaks.patterns': { expression: 'hsi_(?:prod)_key_', gitleaks: '[[rules]]' },
  'apiKeys.ending.preview': preview,
};

const inputsOf = (calls: readonly { path: string; input: unknown }[], path: string) =>
  calls.filter((call) => call.path === path).map((call) => call.input);

test('a leak that was found says what was stopped, who called since, and what can be done', async () => {
  const app = renderApp('/keys/leaks', { ...answers, 'apiKeys.ending.release': null });
  const hit = await screen.findByRole('article', { name: 'ticket 4711' });
  expect(hit.textContent).toContain('One key in 1,200 characters: 1 quarantined.');
  expect(hit.textContent).toContain('42 calls since it lay there.');
  fireEvent.click(within(hit).getByRole('button', { name: 'False alarm, release' }));
  const dialog = await screen.findByRole('dialog', { name: 'Release Miner ingest?' });
  fireEvent.change(within(dialog).getByLabelText(/Reason/), { target: { value: 'a test key' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Release key' }));
  await waitFor(() => {
    expect(inputsOf(app.calls, 'apiKeys.ending.release')).toEqual([{ id: miner.id, reason: 'a test key' }]);
  });
});

test('keys beyond the first come when they are asked for, page by page', async () => {
  const hit = (keyId: string, name: string) => ({ ...report.hits[0], keyId, name });
  const many = { ...report, counts: { found: 4, stopped: 4, working: 0 }, hitsCursor: 'k2' };
  const app = renderApp('/keys/leaks', {
    ...answers,
    'apiKeys.leaks.list': { rows: [many], nextCursor: null },
    'apiKeys.leaks.hits': (input: unknown) =>
      JSON.stringify(input).includes('"k2"')
        ? { rows: [hit('k3', 'Third key')], nextCursor: 'k3' }
        : { rows: [hit('k4', 'Fourth key')], nextCursor: null },
  });
  const article = within(await screen.findByRole('article', { name: 'ticket 4711' }));
  fireEvent.click(article.getByRole('button', { name: 'Show more of 4 keys' }));
  expect(await article.findByRole('link', { name: 'Third key' })).toBeTruthy();
  fireEvent.click(article.getByRole('button', { name: 'Show more keys' }));
  expect(await article.findByRole('link', { name: 'Fourth key' })).toBeTruthy();
  await waitFor(() => expect(article.queryByRole('button', { name: /^Show more/ })).toBeNull());
  expect(inputsOf(app.calls, 'apiKeys.leaks.hits')).toMatchObject([
    { reportId: 'klr_1', cursor: 'k2' },
    { reportId: 'klr_1', cursor: 'k3' },
  ]);
});

test('a text is sent once, with where it was found, and is gone from the page', async () => {
  const app = renderApp('/keys/leaks', { ...answers, 'apiKeys.leaks.report': report });
  const text = await screen.findByLabelText('Text that may hold keys');
  fireEvent.click(screen.getByRole('button', { name: 'Search for keys' }));
  await screen.findByText('Paste a text or choose a file.');
  fireEvent.change(text, { target: { value: 'KEY=secret' } });
  fireEvent.change(screen.getByLabelText(/Where it was found/), { target: { value: 'ticket 4711' } });
  fireEvent.click(screen.getByRole('button', { name: 'Search for keys' }));
  await waitFor(() => {
    expect(inputsOf(app.calls, 'apiKeys.leaks.report')).toEqual([
      { text: 'KEY=secret', place: 'ticket 4711', leakedAt: null },
    ]);
  });
  await waitFor(() => expect((text as HTMLTextAreaElement).value).toBe(''));
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain('One key in 1,200 characters');
});

test('a key is ended only with its name typed, its cost stands above, and a ledger left behind is said', async () => {
  const app = renderApp('/keys/leaks', {
    ...answers,
    'apiKeys.ending.revoke': { revoked: true, isLedgerPending: true },
  });
  const hit = await screen.findByRole('article', { name: 'ticket 4711' });
  fireEvent.click(within(hit).getByRole('button', { name: 'Revoke' }));
  const dialog = await screen.findByRole('dialog', { name: 'Revoke Miner ingest?' });
  expect(dialog.textContent).toContain(
    'Would refuse about 1,403 requests a minute, from edge-gw-2 and batch-import, as of',
  );
  expect(dialog.textContent).toContain('edge-gw-2 edge/284,180 in the last hour');
  fireEvent.change(within(dialog).getByLabelText(/Reason/), { target: { value: 'leaked' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Revoke key' }));
  expect(inputsOf(app.calls, 'apiKeys.ending.revoke')).toEqual([]);
  fireEvent.change(within(dialog).getByLabelText(/to confirm/), { target: { value: 'Miner ingest' } });
  fireEvent.click(within(dialog).getByRole('button', { name: 'Revoke key' }));
  await waitFor(() => {
    expect(inputsOf(app.calls, 'apiKeys.ending.revoke')).toEqual([
      { id: miner.id, reason: 'leaked', typedName: 'Miner ingest' },
    ]);
  });
  expect(await screen.findByText(/^The ledger of ended keys could not be written yet/)).toBeTruthy();
});

test('a look-alike is named before anybody is asked, and the answer says since when', async () => {
  renderApp('/keys/leaks', {
    ...answers,
    'apiKeys.ending.lookUp': { verdict: 'known_to_ledger', by: 'hash', id: 'a1b2c3d4', revokedAt: NOW - DAY_MS },
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Look up one key' }));
  const dialog = await screen.findByRole('dialog', { name: 'Was this ever a key of ours?' });
  fireEvent.change(within(dialog).getByLabelText('Key'), { target: { value: 'hsı_prod_key_x' } });
  expect(dialog.textContent).toContain('Look-alike character at position 3: U+0131 stands where "i" belongs.');
  fireEvent.click(within(dialog).getByRole('button', { name: 'Look up' }));
  expect((await within(dialog).findByRole('status')).textContent).toContain(
    'This was a key of this console, a1b2c3d4, ended',
  );
});
