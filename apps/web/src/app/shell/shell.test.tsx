import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW, sources, stakeholder } from '../../../test/fixtures.ts';
import { QuietStream, refusal, renderApp } from '../../../test/render-app.tsx';
import { resetServerTime } from '../../lib/clock.ts';
import { worstTrouble, type Signs } from './banners.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const ready = () => screen.findByRole('heading', { level: 1 });

test('nobody signed in: to the sign-in page, and back to the same address', async () => {
  const { address } = renderApp('/slos?platform=hashinsight&state=freeze', {
    'session.get': aSession({ user: null }),
  });
  await waitFor(() =>
    expect(address.current).toBe(`/sign-in?to=${encodeURIComponent('/slos?platform=hashinsight&state=freeze')}`),
  );
});

test('a session that ends while the page is open leads to sign-in', async () => {
  let over = false;
  const { address } = renderApp('/', {
    'session.get': () => aSession(over ? { user: null } : {}),
    'changes.day': () => (over ? refusal('unauthenticated', 'Sign in to see this.') : { marks: [] }),
  });
  await ready();
  over = true;
  act(() => void QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"changes"}' })));
  await waitFor(() => expect(address.current).toBe('/sign-in'));
});

test('a console without an owner leads to the welcome page', async () => {
  const { address } = renderApp('/', { 'session.get': aSession({ setup: true, user: null }) });
  await waitFor(() => expect(address.current).toBe('/welcome'));
});

test('one h1, the landmarks, and a way past the rail', async () => {
  renderApp('/');
  await ready();
  expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
  expect(screen.getByRole('banner')).toBeTruthy();
  expect(screen.getByRole('main')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Skip to content' }).getAttribute('href')).toBe('#main');
});

test('G then a letter goes there and keeps the scope; G shows its targets', async () => {
  const { address } = renderApp('/?platform=hashinsight&tz=local', { 'audit.list': { rows: [], nextCursor: null } });
  await ready();
  fireEvent.keyDown(document.body, { key: 'g' });
  fireEvent.keyDown(document.body, { key: 'a' });
  await waitFor(() => expect(address.current).toBe('/audit?platform=hashinsight&tz=local'));
});

test('U turns the time zone in the address, T the theme, L the stream', async () => {
  const { address } = renderApp('/');
  await ready();
  fireEvent.keyDown(document.body, { key: 'u' });
  await waitFor(() => expect(address.current).toBe('/?tz=local'));
  fireEvent.keyDown(document.body, { key: 't' });
  expect(document.documentElement.dataset['theme']).toBe('dark');
  fireEvent.keyDown(document.body, { key: 'l' });
  expect(await screen.findByRole('button', { name: /^Live updates: paused/ })).toBeTruthy();
});

test('a change while live is read again; while paused it is counted and waits', async () => {
  const { calls } = renderApp('/');
  await ready();
  const lanesRead = () => calls.filter((made) => made.path === 'slo.lanes').length;
  const before = lanesRead();
  act(() => void QuietStream.open?.dispatchEvent(new Event('open')));
  act(() => void QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"slo"}' })));
  await waitFor(() => expect(lanesRead()).toBe(before + 1));
  fireEvent.keyDown(document.body, { key: 'l' });
  act(() => void QuietStream.open?.dispatchEvent(new MessageEvent('change', { data: '{"topic":"slo"}' })));
  expect(await screen.findByRole('button', { name: /^Live updates: paused, 1 change waits/ })).toBeTruthy();
  expect(lanesRead()).toBe(before + 1);
});

test('the demo is named on every page, and removed only after its cost is confirmed', async () => {
  const removed: unknown[] = [];
  renderApp('/', {
    'settings.removeDemo': (input: unknown) => {
      removed.push(input);
      return { platforms: 3, slos: 4, users: 7 };
    },
  });
  await ready();
  expect(screen.getByRole('banner').textContent).toContain('Demo data');
  fireEvent.click(screen.getByRole('button', { name: 'Remove demo' }));
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText('3 platforms')).toBeTruthy();
  expect(removed).toHaveLength(0);
  fireEvent.click(dialog.getByRole('button', { name: 'Remove demo' }));
  expect(await screen.findByText('The demo is removed.')).toBeTruthy();
  expect(removed).toHaveLength(1);
});

test('the palette answers with a figure and opens the objective', async () => {
  const user = userEvent.setup();
  const { address } = renderApp('/');
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  const field = await screen.findByRole('combobox', { name: 'Search or run a command' });
  await user.type(field, 'hash bud');
  expect(await screen.findByText(/of HashInsight’s availability budget/)).toBeTruthy();
  expect(screen.getByText('0.63 of 21.6 min. Gone at 14:49 UTC at this burn.')).toBeTruthy();
  await user.keyboard('{Enter}');
  await waitFor(() => expect(address.current).toBe('/slos/slo_hash_availability'));
});

test('no match offers the audit log to those who may read it', async () => {
  const user = userEvent.setup();
  const { address } = renderApp('/', { 'audit.list': { rows: [], nextCursor: null } });
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', metaKey: true });
  await user.type(await screen.findByRole('combobox'), 'zzz');
  await user.click(await screen.findByText('Search the audit log for “zzz”'));
  await waitFor(() => expect(address.current).toBe('/audit?text=zzz'));
});

test('the palette leads to a new SLO, those who may define one', async () => {
  const user = userEvent.setup();
  const { address } = renderApp('/?platform=hashinsight');
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  await user.type(await screen.findByRole('combobox'), 'new slo');
  await user.click(await screen.findByRole('option', { name: /^New SLO/ }));
  await waitFor(() => expect(address.current).toBe('/slos/new?platform=hashinsight'));
});

test.each([
  ['invite', /^Invite a person/, '/users?invite=new'],
  ['csv', /^Import people/, '/users/import'],
])('the palette finds %s, for those who may', async (typed, name, leadsTo) => {
  const user = userEvent.setup();
  const may = aUser({ grants: [{ platform: '*', permissions: ['users:read', 'users:invite', 'users:import'] }] });
  const { address, unmount } = renderApp('/', { 'session.get': aSession({ user: may }) });
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  await user.type(await screen.findByRole('combobox'), typed);
  await user.click(await screen.findByRole('option', { name }));
  await waitFor(() => expect(address.current).toBe(leadsTo));
  unmount();
  renderApp('/', { 'session.get': aSession({ user: stakeholder }) });
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  await user.type(await screen.findByRole('combobox'), typed);
  await waitFor(() => expect(screen.queryByRole('option', { name })).toBeNull());
});

test('the palette offers no new SLO to those who may not define one', async () => {
  const user = userEvent.setup();
  renderApp('/', { 'session.get': aSession({ user: stakeholder }) });
  await ready();
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true });
  await user.type(await screen.findByRole('combobox'), 'slo');
  expect(await screen.findByRole('option', { name: /^SLOs/ })).toBeTruthy();
  expect(screen.queryByRole('option', { name: /^New SLO/ })).toBeNull();
});

test('an address that leads nowhere says so inside the frame', async () => {
  renderApp('/nowhere');
  expect((await ready()).textContent).toBe('There is no page at this address.');
  expect(screen.getByRole('link', { name: 'Go to Overview' })).toBeTruthy();
});

const calm: Signs = {
  reach: { lostSince: null, lastAnswerAt: NOW },
  live: { state: 'live', downSince: null },
  sources,
  recordsFail: false,
  isOffline: false,
};
const clock = (at: number): string => new Date(at).toISOString().slice(11, 19);
const down = (kind: 'postgres' | 'redis') =>
  sources.map((source) => (source.kind === kind ? { ...source, state: 'down' as const, since: NOW - 60_000 } : source));

test.each<[string, Partial<Signs>, string | null]>([
  ['all well', {}, null],
  ['a break of some seconds', { live: { state: 'reconnecting', downSince: NOW - 9_000 } }, null],
  ['no stream for 45 s', { live: { state: 'polling', downSince: NOW - 45_000 } }, 'Live updates lost for 45 s.'],
  ['Redis down', { sources: down('redis') }, 'Redis is down since 14:46:30. Live updates are off.'],
  ['Postgres down', { sources: down('postgres') }, 'Postgres is down since 14:46:30. You are looking at 14:46:30.'],
  ['records not readable', { recordsFail: true }, 'The database is down. You are looking at 14:47:30.'],
  [
    'no answer at all, whatever else is true',
    { reach: { lostSince: NOW - 5_000, lastAnswerAt: NOW - 6_000 }, sources: down('redis') },
    'The console cannot be reached since 14:47:25. You are looking at 14:47:24.',
  ],
  ['no network', { isOffline: true }, 'This device is offline. You are looking at 14:47:30.'],
])('the one banner: %s', (_name, signs, title) => {
  expect(worstTrouble({ ...calm, ...signs }, NOW, clock)?.title ?? null).toBe(title);
});
