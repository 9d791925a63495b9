import type { ConsumersView, ConsumerView } from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const edge: ConsumerView = {
  id: 'kco_edge',
  name: 'edge-gw-1',
  ownerName: 'Jonas Reef',
  channel: 'email',
  address: 'edge@example.com',
  ranges: ['198.51.100.7/32'],
  agents: ['edge'],
  createdAt: NOW - DAY_MS,
  calls24h: 1_200,
  lastCallAt: NOW - 4 * MINUTE_MS,
};
const batch: ConsumerView = {
  ...edge,
  id: 'kco_batch',
  name: 'batch-import',
  channel: 'slack',
  address: '#ops',
  ranges: [],
  agents: [],
  calls24h: null,
  lastCallAt: null,
};
const view: ConsumersView = {
  consumers: [edge, batch],
  unnamed: [{ address: '203.0.113.9', agent: 'curl/8.5.0 (x86)', calls24h: 33, lastCallAt: NOW - MINUTE_MS }],
  canChange: true,
  asOf: NOW,
};

async function open(answers: Answers = {}) {
  const shown = renderApp('/keys/a1b2c3d4', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.consumers.list': view,
    'apiKeys.consumers.add': { id: 'kco_new' },
    'apiKeys.consumers.update': {},
    'apiKeys.consumers.remove': {},
    ...answers,
  });
  const section = within(await screen.findByRole('region', { name: 'Consumers' }));
  const inputOf = (path: string) => shown.calls.findLast((call) => call.path === path)?.input;
  const type = (label: string, value: string) => fireEvent.change(section.getByLabelText(label), { target: { value } });
  return { ...shown, section, inputOf, type };
}

test('who uses the key, how they are told and how their calls are known is said', async () => {
  const { section } = await open();
  expect(await section.findByText('Jonas Reef, edge@example.com')).toBeTruthy();
  expect(section.getByText('Calls from 198.51.100.7/32 as “edge…”; 1,200 calls in 24 h, last 4 min ago.')).toBeTruthy();
  expect(section.getByText('Jonas Reef, Slack #ops')).toBeTruthy();
  expect(section.getByText('Its calls are not told apart.')).toBeTruthy();
  expect(section.getByText('33 calls')).toBeTruthy();
});

test('a caller nobody named becomes a consumer with what it shows of itself', async () => {
  const { section, inputOf, type } = await open();
  fireEvent.click(await section.findByRole('button', { name: 'Name the caller 203.0.113.9 curl/8.5.0 (x86)' }));
  expect(section.getByLabelText('Calls from')).toHaveProperty('value', '203.0.113.9');
  expect(document.activeElement).toBe(section.getByLabelText('Name'));
  fireEvent.click(section.getByRole('button', { name: 'Save consumer' }));
  expect(section.getByLabelText('Who answers for it').getAttribute('aria-invalid')).toBe('true');
  expect(inputOf('apiKeys.consumers.add')).toBeUndefined();
  type('Who answers for it', 'Jonas Reef');
  type('Address', 'jonas@example.com');
  fireEvent.keyDown(section.getByLabelText('Address'), { key: 'Enter' });
  await waitFor(() =>
    expect(inputOf('apiKeys.consumers.add')).toEqual({
      keyId: 'a1b2c3d4',
      name: 'curl',
      ownerName: 'Jonas Reef',
      channel: 'email',
      address: 'jonas@example.com',
      ranges: ['203.0.113.9/32'],
      agents: ['curl'],
    }),
  );
  await waitFor(() => expect(section.queryByRole('group', { name: 'Consumer' })).toBeNull());
});

test('a consumer is changed where it stands, and a refusal keeps what was typed', async () => {
  const { section, inputOf, type } = await open({
    'apiKeys.consumers.update': refusal('conflict', 'Somebody changed it meanwhile.'),
  });
  fireEvent.click(await section.findByRole('button', { name: 'Edit edge-gw-1' }));
  fireEvent.change(section.getByLabelText('Told by'), { target: { value: 'slack' } });
  expect(section.getByText('Like #ops, in the workspace alerts go to.')).toBeTruthy();
  type('Channel', '#edge');
  fireEvent.click(section.getByRole('button', { name: 'Save consumer' }));
  expect(await section.findByRole('alert')).toBeTruthy();
  expect(inputOf('apiKeys.consumers.update')).toMatchObject({ id: 'kco_edge', channel: 'slack', address: '#edge' });
  expect(section.getByLabelText('Channel')).toHaveProperty('value', '#edge');
});

test('a consumer is removed after what that means was said', async () => {
  const { section, inputOf } = await open();
  fireEvent.click(await section.findByRole('button', { name: 'Remove edge-gw-1' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove edge-gw-1?' }));
  expect(dialog.getByText(/^Jonas Reef is told no more before this key ends\./)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Remove consumer' }));
  await waitFor(() => expect(inputOf('apiKeys.consumers.remove')).toEqual({ id: 'kco_edge' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Remove edge-gw-1?' })).toBeNull());
});

test('nobody named, a reader who may not change, and a failure each say so', async () => {
  const reading = await open({
    'apiKeys.consumers.list': { ...view, consumers: [], canChange: false },
  });
  expect(await reading.section.findByText(/^Nobody is named who uses this key/)).toBeTruthy();
  expect(reading.section.queryByRole('button')).toBeNull();
  reading.unmount();
  const broken = await open({ 'apiKeys.consumers.list': refusal('upstream', 'No database.') });
  expect(await broken.section.findByText('The consumers did not load.')).toBeTruthy();
});
