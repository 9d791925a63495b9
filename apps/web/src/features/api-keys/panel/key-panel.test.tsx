import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { aKey, aKeyDetail, keys, NOW, scopeUse, use } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

function open(answers: Answers = {}) {
  return renderApp('/keys/a1b2c3d4', { ...keys, 'session.get': aSession({ user: owner }), ...answers });
}
const part = async (name: string) => within(await screen.findByRole('region', { name }));

test('who calls, from where, how much was refused and since when that is counted', async () => {
  const { calls } = open();
  const callers = await part('Callers');
  expect(await callers.findByText('1,233 calls, 3 refused')).toBeTruthy();
  expect(callers.getByText('edge-gw-1')).toBeTruthy();
  expect(callers.getByText('Not named')).toBeTruthy();
  expect(callers.getByText(/^Refused: 3 /)).toBeTruthy();
  expect(callers.getByText(/^Counted since 2 Oct, 14:47 UTC, stored every 10 s\.$/)).toBeTruthy();
  fireEvent.click(callers.getByRole('radio', { name: '30 d' }));
  await waitFor(() =>
    expect(calls.findLast(({ path }) => path === 'apiKeys.usage')?.input).toEqual({ id: 'a1b2c3d4', hours: 720 }),
  );
});

test('scopes nobody used are named with what to do about them', async () => {
  open();
  const scopes = await part('Scopes');
  expect(await scopes.findByText('used 1 of 2 in 30 d')).toBeTruthy();
  expect(scopes.getByText('Not used')).toBeTruthy();
  expect(scopes.getByText(/^One scope was not used in 30 d\. Take it away under Limits/)).toBeTruthy();
});

test.each([
  [{ ...scopeUse, isConclusive: false }, /^So far one scope was not used; the key is younger than 30 d/],
  [{ ...scopeUse, used: 0 }, /^No scope was used in 30 d\. A key nobody uses can be revoked\.$/],
  [{ ...scopeUse, used: 2 }, /^Every scope was used within 30 d\.$/],
])('what follows from the use of scopes: %#', async (answer, words) => {
  open({ 'apiKeys.scopeUse': answer });
  expect(await (await part('Scopes')).findByText(words)).toBeTruthy();
});

test('the key is described with its forebears, and its person is a link for who may read people', async () => {
  const row = aKey({ owner: { id: 'usr_hana', name: 'Hana Eriksen' } });
  const before = aKey({ id: 'o1d0o1d0', shown: 'hsi_prod_key_o1d0o1d0…', endedAt: NOW });
  open({ 'apiKeys.get': aKeyDetail(row, { lineage: [before, row] }) });
  const facts = await part('About the key');
  expect((await facts.findByRole('link', { name: 'Hana Eriksen' })).getAttribute('href')).toContain('usr_hana');
  expect(facts.getByText('Keyed hash, pepper version 1')).toBeTruthy();
  expect(facts.getByRole('link', { name: before.shown }).getAttribute('href')).toContain('/keys/o1d0o1d0');
});

test('nobody called, and what did not load, are told apart', async () => {
  const none = { ...use, calls: 0, refused: 0, callers: [], outcomes: [] };
  open({ 'apiKeys.usage': none, 'apiKeys.scopeUse': refusal('upstream', 'No database.') });
  expect(await (await part('Callers')).findByText('Nobody called with this key in that time.')).toBeTruthy();
  expect(await (await part('Scopes')).findByText('The use of scopes did not load.')).toBeTruthy();
});
