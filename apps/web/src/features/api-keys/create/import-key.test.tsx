import { defaultKeyPolicy, type CreateOptions, type NewKey } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { MutationCache } from '@tanstack/react-query';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './create-key-dialog.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const foreign = 'made-elsewhere-0123456789';
const taken: NewKey = {
  id: 'aB3aB3aB',
  name: 'Partner feed',
  platform: 'hashinsight',
  environment: 'prod',
  expiresAt: NOW + 90 * DAY_MS,
  text: null,
  claim: null,
};
const platform = (id: string, name: string, prefix: string): CreateOptions['platforms'][number] => ({
  id,
  name,
  policy: { ...defaultKeyPolicy(id), prefix },
  scopes: [{ scope: 'miners:read', description: 'List and read miners', of: 'platform' }],
});
const options: CreateOptions = {
  platforms: [platform('hashinsight', 'HashInsight', 'hsi'), platform('web3audit', 'Web3 Audit', 'w3a')],
  consoleScopes: [],
  isOwner: false,
  canMail: true,
};
const grants = [{ platform: '*', permissions: ['api-keys:read' as const, 'api-keys:write' as const] }];

function open(answers: Answers = {}, path = '/keys/import') {
  const view = renderApp(path, {
    'session.get': aSession({ user: aUser({ grants }) }),
    'apiKeys.list': { rows: [], nextCursor: null },
    'apiKeys.createOptions': options,
    'apiKeys.import': taken,
    ...answers,
  });
  return { ...view, user: userEvent.setup({ delay: null }) };
}
const sent = (calls: { path: string; input: unknown }[]) => calls.filter(({ path }) => path === 'apiKeys.import');
async function importForm() {
  await screen.findByLabelText('The key');
  return within(await screen.findByRole('dialog', { name: /Take in an existing key/ }));
}
const paste = (form: ReturnType<typeof within>, text: string) =>
  fireEvent.change(form.getByLabelText('The key'), { target: { value: text } });

test('a key made elsewhere is taken in, and nothing of it stays', async () => {
  const cached = vi.spyOn(MutationCache.prototype, 'build');
  const { user, calls } = open();
  const form = await importForm();
  const field = form.getByLabelText<HTMLInputElement>('The key');
  expect([field.type, field.autocomplete]).toEqual(['password', 'off']);
  paste(form, ` ${foreign} `);
  expect(form.getByText(/Made elsewhere, 25 characters in no form known here\./)).toBeTruthy();
  expect(form.getByText(/it ends within one cycle of rotation/)).toBeTruthy();
  await user.type(form.getByLabelText('Name'), 'Partner feed');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByText('Owner, limits and consumers'));
  expect(form.queryByText('Who sees the secret')).toBeNull();
  await user.click(form.getByRole('radio', { name: '30 d' }));
  await user.click(form.getByRole('button', { name: 'Take in key' }));
  const done = within(await screen.findByRole('dialog', { name: /The key is taken in/ }));
  expect(done.getByRole('status').textContent).toContain('Only a keyed hash of it was stored');
  expect(done.getByRole('link', { name: 'Open the key' }).getAttribute('href')).toContain('/keys/aB3aB3aB');
  expect(sent(calls).map(({ input }) => input)).toMatchObject([
    { text: foreign, name: 'Partner feed', platform: 'hashinsight', environment: 'prod', lifeDays: 30 },
  ]);
  const kept = [
    document.body.innerHTML,
    window.location.href,
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.history.state]),
  ];
  expect(kept.join('\n')).not.toContain(foreign);
  expect(cached).not.toHaveBeenCalled();
});

test('a key of the short form says where it is for', async () => {
  const { user, calls } = open();
  const form = await importForm();
  paste(form, 'w3a_dev_key_k3m9r7w2c5x8v1n4');
  expect(form.getByText(/Short form, w3a, of Web3 Audit, for dev\./)).toBeTruthy();
  expect(form.getByLabelText<HTMLSelectElement>('Platform').value).toBe('web3audit');
  expect(form.getByRole('radio', { name: 'dev' }).getAttribute('aria-checked')).toBe('true');
  await user.click(form.getByRole('radio', { name: 'prod' }));
  await user.click(form.getByRole('button', { name: 'Take in key' }));
  expect(form.getByText('The key says dev; choose that environment.')).toBeTruthy();
  expect(sent(calls)).toEqual([]);
});

test.each([
  ['too short', 'fifteen-letters', /at least 16 characters/],
  ['a megabyte', 'a'.repeat(1_000_000), /at most 128 characters/],
  ['with a NUL', `${foreign}\u0000x`, /invisible character at position 26/],
  ['in full-width letters', `ｈ${foreign}`, /U\+FF48 stands where "h" belongs/],
  ['ours, with a look-alike', `hsi_prоd_key_${'aB3'.repeat(15)}z`, /Look-alike character at position 7/],
  ['ours, cut off', `hsi_prod_key_${'aB3'.repeat(12)}`, /here are 36 \(10 missing\)/],
])('a text that is %s is refused where it stands, and not sent', async (_, text, words) => {
  const { user, calls } = open();
  const form = await importForm();
  await user.type(form.getByLabelText('Name'), 'Partner feed');
  await user.click(form.getByLabelText(/miners:read/));
  paste(form, text);
  expect(form.getByRole('alert').textContent).toMatch(words);
  await user.click(form.getByRole('button', { name: 'Take in key' }));
  expect(sent(calls)).toEqual([]);
});

test.each([
  'This text is a key here already, or was one; nothing was imported.',
  'This key was quarantined on 2026-07-01 and never released; nothing was imported.',
])('a refusal is said, and the form stays: %s', async (message) => {
  const { user } = open({ 'apiKeys.import': () => refusal('conflict', message) });
  const form = await importForm();
  paste(form, foreign);
  await user.type(form.getByLabelText('Name'), 'Partner feed');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByRole('button', { name: 'Take in key' }));
  expect((await form.findByRole('alert')).textContent).toContain(message);
  expect(form.getByLabelText<HTMLInputElement>('Name').value).toBe('Partner feed');
});

test('going over to making one forgets the text and keeps the rest', async () => {
  const { user } = open({}, '/keys/new');
  await screen.findByLabelText('Name');
  const make = within(await screen.findByRole('dialog', { name: /Create a key/ }));
  await user.type(make.getByLabelText('Name'), 'Partner feed');
  await user.click(make.getByRole('button', { name: 'Take in an existing one' }));
  const form = await importForm();
  paste(form, foreign);
  await user.click(form.getByRole('button', { name: 'Make a new one' }));
  await waitFor(() => expect(screen.queryByLabelText('The key')).toBeNull());
  const again = within(await screen.findByRole('dialog', { name: /Create a key/ }));
  expect(again.getByLabelText<HTMLInputElement>('Name').value).toBe('Partner feed');
  await user.click(again.getByRole('button', { name: 'Take in an existing one' }));
  expect((await importForm()).getByLabelText<HTMLInputElement>('The key').value).toBe('');
});

test('who may not create keys is offered no way in', async () => {
  const reader = [{ platform: '*', permissions: ['api-keys:read' as const] }];
  open({ 'session.get': aSession({ user: aUser({ grants: reader }) }) });
  await screen.findByText('No API key here yet.');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Take in a key' })).toBeNull();
});
