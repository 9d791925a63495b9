import type { AccountView, SessionRow } from '@qd/shared/users';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './account-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const app = { id: 'totp_1', label: 'Work phone', createdAt: NOW - 60_000, lastUsedAt: null };

function anAccount(over: Partial<AccountView> = {}): AccountView {
  return {
    id: 'usr_1',
    name: 'Ines Okafor',
    email: 'ines@example.test',
    version: 3,
    hasPassword: true,
    totp: [],
    passkeys: [],
    recoveryCodesLeft: 0,
    isFactorRequired: false,
    enrolBy: null,
    passkeyObstacle: null,
    ...over,
  };
}

function aSessionRow(over: Partial<SessionRow> = {}): SessionRow {
  return {
    id: 'ses_1',
    device: 'Firefox on Linux',
    network: 'private network',
    address: '10.0.0.4',
    method: 'password',
    assurance: 1,
    createdAt: NOW - 120_000,
    lastSeenAt: NOW - 10_000,
    idleExpiresAt: NOW + 1_000_000,
    expiresAt: NOW + 9_000_000,
    isCurrent: true,
    ...over,
  };
}

const sessions = {
  rows: [aSessionRow(), aSessionRow({ id: 'ses_2', device: 'Safari on iPhone', isCurrent: false })],
  nextCursor: null,
};

function open(answers: Answers = {}, path = '/settings/account') {
  const view = renderApp(path, {
    'account.get': anAccount(),
    'account.sessions': sessions,
    'account.identities': [],
    'session.providers': [],
    ...answers,
  });
  return { ...view, user: userEvent.setup() };
}

const inputOf = (calls: { path: string; input: unknown }[], path: string): unknown =>
  calls.findLast((call) => call.path === path)?.input;
const callText = async (): Promise<string> => (await screen.findByRole('heading', { level: 1 })).textContent;

test('a password alone is said, and what to do', async () => {
  open();
  await screen.findByRole('heading', { name: 'Authenticator apps' });
  expect(await callText()).toBe('A password alone opens your account. Add a second factor.');
});

test('a factor the role asks for is named with the time it is due', async () => {
  open({ 'account.get': anAccount({ isFactorRequired: true, enrolBy: NOW + 30 * 60_000 }) });
  await screen.findByRole('heading', { name: 'Passkeys' });
  expect(await callText()).toContain('Your role asks for a second factor by in 30 min.');
});

test('an authenticator app is set up: secret as text, first code, codes shown this once', async () => {
  const codes = ['0123-4567-89ab-cdef', 'ghjk-mnpq-rstv-wxyz'];
  const { user, calls } = open({
    'account.startTotp': {
      id: 'totp_9',
      secret: 'ABCDEFGHIJKLMNOP',
      uri: 'otpauth://totp/Quarterdeck:ines?secret=ABCDEFGHIJKLMNOP',
    },
    'account.confirmTotp': { id: 'totp_9', recoveryCodes: codes },
  });
  await user.click(await screen.findByRole('button', { name: 'Add authenticator app' }));
  await user.clear(screen.getByLabelText('Name of the app or phone'));
  await user.type(screen.getByLabelText('Name of the app or phone'), 'Work phone{Enter}');
  expect(await screen.findByText('ABCD EFGH IJKL MNOP')).toBeTruthy();
  expect(
    screen
      .getByRole('img', { name: /QR code/ })
      .querySelector('path')
      ?.getAttribute('d'),
  ).toMatch(/^M\d/);
  await user.type(screen.getByLabelText('First code of the app'), '123456{Enter}');
  const shown = within(await screen.findByRole('region', { name: 'New recovery codes' }));
  expect(shown.getByText(codes[0] ?? '')).toBeTruthy();
  expect(inputOf(calls, 'account.startTotp')).toEqual({ label: 'Work phone' });
  expect(inputOf(calls, 'account.confirmTotp')).toEqual({ id: 'totp_9', code: '123456' });
  await user.click(shown.getByRole('button', { name: 'I have kept them' }));
  expect(screen.queryByText(codes[0] ?? '')).toBeNull();
});

test('a wrong first code says so and keeps the secret on screen', async () => {
  const { user } = open({
    'account.startTotp': { id: 'totp_9', secret: 'ABCDEFGH', uri: 'otpauth://totp/x?secret=ABCDEFGH' },
    'account.confirmTotp': refusal(
      'unauthenticated',
      'This code is wrong, too old, or was used before; give a new one.',
    ),
  });
  await user.click(await screen.findByRole('button', { name: 'Add authenticator app' }));
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  await user.type(await screen.findByLabelText('First code of the app'), '123456{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('This code is wrong');
  expect(screen.getByText('ABCD EFGH')).toBeTruthy();
});

test('removing an app asks first, with the cost; a refusal stands in the question', async () => {
  const { user, calls } = open({
    'account.get': anAccount({ totp: [app], recoveryCodesLeft: 2 }),
    'account.removeTotp': refusal('conflict', 'Your role requires a second factor; add another one first.'),
  });
  expect(await screen.findByText('2 codes left')).toBeTruthy();
  expect(await callText()).toBe('Your account is protected by 1 authenticator app. Only 2 recovery codes are left.');
  await user.click(screen.getByRole('button', { name: 'Remove Work phone' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove Work phone?' }));
  expect(dialog.getByText(/stop working at once/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Remove app' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('add another one first');
  expect(inputOf(calls, 'account.removeTotp')).toEqual({ id: 'totp_1' });
});

test('a wrong present password stands at its field, and nobody is signed out', async () => {
  const wrong = refusal('unauthenticated', 'Your present password is wrong.');
  Object.assign((wrong as Error & { data: object }).data, { fields: [{ field: 'password', message: 'is wrong' }] });
  const { user, address } = open({ 'account.changePassword': wrong });
  await user.type(await screen.findByLabelText('Current password'), 'not this one');
  await user.type(screen.getByLabelText('New password'), 'four other words now{Enter}');
  expect((await screen.findByText('Is wrong.')).id).toBe(
    screen.getByLabelText('Current password').getAttribute('aria-describedby'),
  );
  expect(address.current).toBe('/settings/account');
});

test('sessions: this browser is marked, another can be ended', async () => {
  const { user, calls } = open({ 'account.endSession': { ok: true } });
  const table = within(await screen.findByRole('table', { name: 'Your sessions, newest first' }));
  expect(table.getByRole('rowheader', { name: /Firefox on Linux.*This browser/ })).toBeTruthy();
  expect(table.queryByRole('button', { name: 'End session of Firefox on Linux' })).toBeNull();
  const [endOther] = table.getAllByRole('button', { name: 'End session of Safari on iPhone' });
  await user.click(endOther ?? document.body);
  await waitFor(() => expect(inputOf(calls, 'account.endSession')).toEqual({ id: 'ses_2' }));
});

test('an account that does not load says so, with its request', async () => {
  open({ 'account.get': refusal('precondition', 'The records cannot be read now.') });
  expect(await screen.findByRole('heading', { level: 1, name: 'Your account did not load.' })).toBeTruthy();
  expect(screen.getByText('req req_7f3a91c2')).toBeTruthy();
});

test('an act that wants a proof asks for it and goes on; giving up changes nothing', async () => {
  const proof = refusal('step_up', 'Prove that it is you before this is done.');
  Object.assign((proof as Error & { data: object }).data, { stepUp: { act: 'a'.repeat(64), methods: ['password'] } });
  const { user } = open({
    'account.get': anAccount({ totp: [app], recoveryCodesLeft: 8 }),
    'account.newRecoveryCodes': proof,
  });
  await user.click(await screen.findByRole('button', { name: 'Make new codes' }));
  expect((await screen.findByRole('alert')).textContent).toBe('Nothing was changed: you did not prove that it is you.');
});

test('while grace runs, every page says until when, and leads here', async () => {
  renderApp('/audit', {
    'session.get': aSession({ user: aUser({ enrolBy: NOW + 2 * 86_400_000 }) }),
    'audit.list': { rows: [], nextCursor: null },
  });
  expect(await screen.findByText('Set up a second factor by 5 Oct, 14:47 UTC. Your role asks for one.')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Set one up' }).getAttribute('href')).toBe('/settings/account');
});

test('identities of other providers are linked and unlinked here; why one was refused is said', async () => {
  const linked = {
    providerId: 'idp_acme',
    provider: 'Acme ID',
    issuer: 'https://id.acme.test',
    subject: 'u-1',
    email: 'ines@acme.test',
    linkedAt: NOW - 60_000,
    lastUsedAt: null,
  };
  const { user, calls } = open(
    {
      'account.identities': [linked],
      'session.providers': [
        { id: 'idp_acme', name: 'Acme ID' },
        { id: 'idp_corp', name: 'Corp' },
      ],
      'account.linkOidc': refusal('upstream', 'The provider does not answer.'),
      'account.unlinkOidc': { ok: true },
    },
    '/settings/account?refused=already_linked',
  );
  expect(await screen.findByText(/That identity is linked to somebody already/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Link Acme ID' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Link Corp' }));
  expect(await screen.findByText(/The provider does not answer/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Unlink Acme ID' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Unlink' }));
  await waitFor(() =>
    expect(inputOf(calls, 'account.unlinkOidc')).toEqual({ issuer: 'https://id.acme.test', subject: 'u-1' }),
  );
});
