import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { aPreview } from '../../../../test/rotation-story.ts';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import '../keys-page.tsx';
import './rotate-dialog.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const text = `hsi_prod_key_${'Ab1'.repeat(15)}Z`;
const started = {
  rotationId: 'rot_2',
  newKeyId: 'n1e2w3k4',
  text,
  claim: null,
  endsAt: NOW + 7 * DAY_MS,
  newExpiresAt: NOW + 90 * DAY_MS,
};

const claim = {
  recipientName: 'Ada',
  recipientEmail: 'ada@example.com',
  path: '/claim#token',
  expiresAt: NOW + DAY_MS,
};

async function open(answers: Answers = {}) {
  const view = renderApp('/keys/a1b2c3d4', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.rotation.preview': aPreview(),
    ...answers,
  });
  const panel = within(await screen.findByRole('region', { name: 'Billing sync' }));
  fireEvent.click(await panel.findByRole('button', { name: /^Rotate/ }));
  return { ...view, dialog: within(await screen.findByRole('dialog')) };
}

const inputOf = (calls: { path: string; input: unknown }[], path: string) =>
  calls.findLast((made) => made.path === path)?.input;
type Dialog = Awaited<ReturnType<typeof open>>['dialog'];
const give = (dialog: Dialog, label: RegExp | string, value: string) =>
  fireEvent.change(dialog.getByLabelText(label), { target: { value } });

test('a key is rotated as the policy says, and the new one is shown once', async () => {
  const { dialog, calls } = await open({ 'apiKeys.rotation.start': started });
  expect(await dialog.findByText('The policy says 7 d.')).toBeTruthy();
  expect(dialog.getByText(/1 consumer is told within minutes/)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  expect(await dialog.findByText('Say why, in 3 to 500 characters.')).toBeTruthy();
  give(dialog, /^Reason/, 'the quarter ends');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  const shown = within(await screen.findByRole('dialog', { name: 'New key of Billing sync' }));
  expect(shown.getByTestId('secret').textContent).toBe(text);
  expect(inputOf(calls, 'apiKeys.rotation.start')).toEqual({
    keyId: 'a1b2c3d4',
    overlapDays: 7,
    graceHours: null,
    reason: 'the quarter ends',
    delivery: { kind: 'show' },
  });
  expect(shown.getByText(new RegExp(`API_KEYS=OLD-KEY,${text}`))).toBeTruthy();
  fireEvent.click(shown.getByRole('checkbox', { name: /stored it/ }));
  fireEvent.click(shown.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(document.body.innerHTML).not.toContain(text);
});

test('overlap, grace and scopes are checked and sent', async () => {
  const { dialog, calls } = await open({ 'apiKeys.rotation.start': started });
  await dialog.findByText('The policy says 7 d.');
  give(dialog, /^Overlap/, '31');
  fireEvent.click(dialog.getByRole('checkbox', { name: /End the old key earlier/ }));
  give(dialog, /^Hours after/, 'soon');
  give(dialog, /^Reason/, 'the quarter ends');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  expect(await dialog.findByText('Give whole days, 0 to 30.')).toBeTruthy();
  expect(dialog.getByText('Give whole hours, 0 to 720.')).toBeTruthy();
  give(dialog, /^Overlap/, '3');
  give(dialog, /^Hours after/, '12');
  fireEvent.click(dialog.getByRole('checkbox', { name: 'reports:read', hidden: true }));
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  await waitFor(() =>
    expect(inputOf(calls, 'apiKeys.rotation.start')).toMatchObject({
      overlapDays: 3,
      graceHours: 12,
      scopes: ['miners:read'],
    }),
  );
});

test('an emergency says who breaks first, and ends the old key at once', async () => {
  const { dialog, calls } = await open({ 'apiKeys.rotation.emergency': { ...started, endsAt: NOW } });
  fireEvent.click(await dialog.findByRole('radio', { name: /At once/ }));
  const callers = within(dialog.getByRole('region', { name: 'Who breaks first' }));
  expect(callers.getByText('930 calls an hour')).toBeTruthy();
  expect(callers.getAllByRole('listitem').map((one) => one.textContent)).toEqual([
    'Unknown, 203.0.113.7 edge/1.4900 in the last hour',
    'billing billing/230 in the last hour',
  ]);
  give(dialog, /^Reason/, 'it was published');
  fireEvent.click(dialog.getByRole('button', { name: 'End the old key and rotate' }));
  await screen.findByRole('dialog', { name: 'New key of Billing sync' });
  expect(inputOf(calls, 'apiKeys.rotation.emergency')).toEqual({
    keyId: 'a1b2c3d4',
    reason: 'it was published',
    delivery: { kind: 'show' },
  });
  expect(screen.getByText('The old key has ended.')).toBeTruthy();
});

test('the new key is sent by a link to whoever is named', async () => {
  const { dialog, calls } = await open({ 'apiKeys.rotation.start': { ...started, text: null, claim } });
  fireEvent.click(await dialog.findByRole('radio', { name: /^Send a link/ }));
  give(dialog, 'Name', 'Ada');
  give(dialog, 'Address', 'ada');
  give(dialog, /^Reason/, 'the quarter ends');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  expect(await dialog.findByText('Give an address like ops@example.com.')).toBeTruthy();
  give(dialog, 'Address', 'ada@example.com');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  expect(await screen.findByText(/\/claim#token$/)).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.rotation.start')).toMatchObject({
    delivery: { kind: 'claim', recipientName: 'Ada', recipientEmail: 'ada@example.com' },
  });
});

test('who lacks what the key may do sends it to one of its consumers', async () => {
  const recipients = [
    { name: 'Ada', email: 'ada@example.com' },
    { name: 'Grace', email: 'grace@example.com' },
  ];
  const notCounting = [
    { name: 'Mallory', email: 'me@example.net', why: 'Given by who rotates the key; ask an admin.' },
  ];
  const of = { canShow: false, isOfAnother: false, link: 'listed' as const, canMail: true };
  const delivery = { ...of, recipients, notCounting };
  const { dialog, calls } = await open({
    'apiKeys.rotation.preview': aPreview({ beyondYou: ['keys:verify'], delivery }),
    'apiKeys.rotation.start': { ...started, text: null, claim: { ...claim, path: null } },
  });
  expect(await dialog.findByText('You lack keys:verify, which the key has.')).toBeTruthy();
  const left = dialog.getByRole('list', { name: 'Addresses that do not count' });
  expect(left.textContent).toBe('me@example.net: Given by who rotates the key; ask an admin.');
  expect(dialog.getByRole<HTMLInputElement>('radio', { name: /^Show it/ }).disabled).toBe(true);
  give(dialog, /^To/, '1');
  give(dialog, /^Reason/, 'the quarter ends');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  await waitFor(() =>
    expect(inputOf(calls, 'apiKeys.rotation.start')).toMatchObject({
      delivery: { kind: 'claim', recipientName: 'Grace', recipientEmail: 'grace@example.com' },
    }),
  );
});

test('a key of another person is never offered to be shown', async () => {
  const none = { recipients: [], notCounting: [] };
  const delivery = { canShow: false, isOfAnother: true, link: 'listed' as const, ...none, canMail: false };
  const { dialog } = await open({ 'apiKeys.rotation.preview': aPreview({ delivery }) });
  expect(await dialog.findByText('The key acts for another person, who alone may see it.')).toBeTruthy();
  expect(
    dialog.getByText('No mail server is set up, and you may not see the link; ask somebody who may create keys.'),
  ).toBeTruthy();
});

test('a refusal is said and what was typed stays; a key that cannot be rotated says why', async () => {
  const { dialog, unmount } = await open({
    'apiKeys.rotation.start': refusal('conflict', 'Billing sync is being rotated already; look at its rotation.'),
  });
  await dialog.findByText('The policy says 7 d.');
  give(dialog, /^Reason/, 'the quarter ends');
  fireEvent.click(dialog.getByRole('button', { name: 'Rotate key' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('is being rotated already');
  expect(dialog.getByLabelText(/^Reason/)).toHaveProperty('value', 'the quarter ends');
  unmount();
  const second = await open({
    'apiKeys.rotation.preview': aPreview({ fault: 'Billing sync has expired; create another key.' }),
  });
  expect(await second.dialog.findByText('Billing sync has expired; create another key.')).toBeTruthy();
});
