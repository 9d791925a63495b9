import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, NOW, stakeholder } from '../../../test/fixtures.ts';
import { refusal, renderApp } from '../../../test/render-app.tsx';
import { aRow, counts, directory } from '../../../test/users-story.ts';
import { resetServerTime } from '../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const table = () => screen.findByRole('table', { name: 'People' });
const inputsOf = (calls: { path: string; input: unknown }[], path: string) =>
  calls.filter((made) => made.path === path).map((made) => made.input);

test('who has access, and who needs a look', async () => {
  renderApp('/users', directory);
  const rows = within(await table());
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain('40 people have access.');
  expect(rows.getAllByText('No 2-step').length).toBeGreaterThan(0);
  expect(rows.getAllByText('expires in 2 d')).toHaveLength(1);
  expect(screen.getByRole('radio', { name: 'Needs a look 3' })).toBeTruthy();
});

test('every filter is in the address and in the question', async () => {
  const { calls, address } = renderApp('/users?show=look&platform=hashinsight', directory);
  await table();
  expect(inputsOf(calls, 'users.list').at(-1)).toMatchObject({ attention: 'any', platform: 'hashinsight' });
  fireEvent.change(screen.getByRole('combobox', { name: 'Role' }), { target: { value: 'support' } });
  await waitFor(() => expect(address.current).toContain('role=support'));
  fireEvent.change(screen.getByRole('searchbox', { name: 'Name, email or role' }), { target: { value: 'nov' } });
  await waitFor(() => expect(inputsOf(calls, 'users.list').at(-1)).toMatchObject({ text: 'nov', role: 'support' }));
  fireEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await waitFor(() => expect(address.current).not.toContain('role='));
});

test('the head of a column orders by it', async () => {
  const { calls } = renderApp('/users', directory);
  fireEvent.click(within(await table()).getByRole('button', { name: 'Person' }));
  await waitFor(() => expect(inputsOf(calls, 'users.list').at(-1)).toMatchObject({ sort: 'name', reverse: false }));
});

test('more people are read as the end comes near', async () => {
  const { calls } = renderApp('/users', {
    ...directory,
    'users.list': (input: unknown) =>
      JSON.stringify(input).includes('"c2"')
        ? { rows: [aRow({ id: 'usr_last', name: 'Last One' })], nextCursor: null }
        : { rows: [aRow()], nextCursor: 'c2' },
  });
  expect((await screen.findAllByText('Last One')).length).toBeGreaterThan(0);
  expect(inputsOf(calls, 'users.list').at(-1)).toMatchObject({ cursor: 'c2' });
});

test('J moves, X selects, Enter opens', async () => {
  const { address } = renderApp('/users', directory);
  await table();
  fireEvent.keyDown(document.body, { key: 'j' });
  fireEvent.keyDown(document.body, { key: 'j' });
  fireEvent.keyDown(document.body, { key: 'x' });
  expect(await screen.findByText('1 person chosen')).toBeTruthy();
  fireEvent.keyDown(document.body, { key: 'Enter' });
  await waitFor(() => expect(address.current).toBe('/users/usr_jun'));
});

test('an act on many names who is left out, asks why, and says what became of each', async () => {
  const { calls } = renderApp('/users', {
    ...directory,
    'users.list': {
      rows: [aRow(), aRow({ id: 'usr_off', name: 'Lucas Vidal', state: 'suspended' })],
      nextCursor: null,
    },
    'users.bulk': {
      approval: null,
      outcomes: [{ id: 'usr_jun', done: false, message: 'This person may do more than you.' }],
    },
  });
  const rows = within(await table());
  for (const name of ['Select Jun Watanabe', 'Select Lucas Vidal']) {
    fireEvent.click(rows.getAllByRole('checkbox', { name })[0] ?? document.body);
  }
  fireEvent.click(
    within(screen.getByRole('region', { name: 'Acts on those chosen' })).getByRole('button', { name: 'Suspend' }),
  );
  const asked = within(await screen.findByRole('dialog', { name: 'Suspend 1 person?' }));
  expect(asked.getByText('Lucas Vidal: is suspended already')).toBeTruthy();
  fireEvent.click(asked.getByRole('button', { name: 'Suspend' }));
  expect(await asked.findByText('Say why, in 3 to 500 characters.')).toBeTruthy();
  fireEvent.change(asked.getByLabelText(/^Reason/), { target: { value: 'Left the desk' } });
  fireEvent.click(asked.getByRole('button', { name: 'Suspend' }));
  expect(await screen.findByText(/This person may do more than you/)).toBeTruthy();
  expect(inputsOf(calls, 'users.bulk')).toEqual([{ act: 'suspend', ids: ['usr_jun'], reason: 'Left the desk' }]);
});

test('an invitation shows what the person will see, and its link once', async () => {
  const { calls } = renderApp('/users', {
    ...directory,
    'users.previewInvite': {
      role: 'support',
      title: 'Support',
      platform: '*',
      platforms: ['HashInsight'],
      permissions: [{ permission: 'users:read', sentence: 'See people and their grants' }],
      grants: [],
      refusal: null,
      needsApproval: false,
    },
    'users.invite': {
      link: { userId: 'usr_new', path: '/invite#secret', expiresAt: NOW + 86_400_000 },
      approval: null,
    },
  });
  await table();
  fireEvent.keyDown(document.body, { key: 'i' });
  const form = within(await screen.findByRole('dialog', { name: 'Invite a person' }));
  fireEvent.click(form.getByRole('button', { name: 'Invite' }));
  expect((await form.findAllByRole('alert')).length).toBeGreaterThan(2);
  expect(inputsOf(calls, 'users.invite')).toEqual([]);
  fireEvent.change(form.getByLabelText('Name'), { target: { value: 'Wei Zhang' } });
  fireEvent.change(form.getByLabelText('Email'), { target: { value: 'wei@example.test' } });
  fireEvent.change(form.getByLabelText('Role'), { target: { value: 'support' } });
  fireEvent.change(form.getByLabelText(/^Reason/), { target: { value: 'Joins the desk' } });
  expect(await form.findByText('See people and their grants')).toBeTruthy();
  fireEvent.click(form.getByRole('button', { name: 'Invite' }));
  expect(await screen.findByText(/\/invite#secret$/)).toBeTruthy();
  expect(inputsOf(calls, 'users.invite')).toMatchObject([
    { email: 'wei@example.test', role: 'support', platform: '*' },
  ]);
});

test('nobody fits, nothing needs a look', async () => {
  const none = { ...directory, 'users.list': { rows: [], nextCursor: null } };
  const { unmount } = renderApp('/users?text=zzz', none);
  expect(await screen.findByText('Nobody fits these filters.')).toBeTruthy();
  unmount();
  renderApp('/users?show=look', { ...none, 'users.counts': counts({ attention: 0 }) });
  expect(await screen.findByText('Nobody needs a look.')).toBeTruthy();
});

test('an error names the request', async () => {
  renderApp('/users', { ...directory, 'users.list': refusal('invalid', 'The marker is from another list.') });
  expect((await screen.findByRole('alert')).textContent).toContain('req_7f3a91c2');
});

test('those who may not read it are told who can, and nothing is asked', async () => {
  const { calls } = renderApp('/users', { ...directory, 'session.get': aSession({ user: stakeholder }) });
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain('not open to your role');
  expect(inputsOf(calls, 'users.list')).toEqual([]);
});
