import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter, Route, Routes, useLocation } from 'react-router';
import { beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../test/fixtures.ts';
import { tokenOf } from './link-token.ts';
import { safeReturn, SignInPage } from './sign-in-page.tsx';
import { WelcomePage } from './welcome-page.tsx';

type Reply = { status: number; body: unknown };
let session: unknown;
let providers: unknown;
let replies: Reply[];
let sent: { path: string; init: RequestInit | undefined }[];

beforeEach(() => {
  session = aSession({ user: null, demoAccounts: false });
  providers = [];
  replies = [];
  sent = [];
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    if (path === '/trpc/session.get') return Promise.resolve(Response.json({ result: { data: session } }));
    if (path === '/trpc/session.providers') return Promise.resolve(Response.json({ result: { data: providers } }));
    sent.push({ path, init });
    const reply = replies.shift() ?? { status: 200, body: { result: { data: { ok: true } } } };
    return Promise.resolve(Response.json(reply.body, { status: reply.status }));
  });
});

function Elsewhere() {
  const { pathname, search } = useLocation();
  return <p>{`at ${pathname}${search}`}</p>;
}

function show(path: string) {
  render(
    <MemoryRouter initialEntries={[path]}>
      <Routes>
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/welcome" element={<WelcomePage />} />
        <Route path="*" element={<Elsewhere />} />
      </Routes>
    </MemoryRouter>,
  );
  return userEvent.setup();
}

function refuse(domainCode: string, message: string, more: object = {}): Reply {
  return { status: 400, body: { error: { message, data: { domainCode, fields: [], requestId: 'req_1', ...more } } } };
}

async function signIn(user: ReturnType<typeof userEvent.setup>) {
  await user.type(screen.getByLabelText('E-mail address'), 'ines@example.test');
  await user.type(screen.getByLabelText('Password'), 'four words make it');
  await user.keyboard('{Enter}');
}

test('signs in and goes back to where it was', async () => {
  const user = show('/sign-in?to=%2Fslos%3Fplatform%3Dhashinsight');
  await signIn(user);
  expect(await screen.findByText('at /slos?platform=hashinsight')).toBeTruthy();
  expect(sent[0]?.init).toMatchObject({ method: 'POST', headers: { 'x-qd': '1', 'content-type': 'application/json' } });
  expect(sent[0]?.init?.body).toBe('{"email":"ines@example.test","password":"four words make it"}');
});

test('password managers find the fields, pasting works', async () => {
  const user = show('/sign-in');
  expect(screen.getByLabelText('E-mail address').getAttribute('autocomplete')).toBe('username webauthn');
  const password = screen.getByLabelText('Password');
  expect(password.getAttribute('autocomplete')).toBe('current-password');
  await user.click(password);
  await user.paste('pasted secret');
  expect((password as HTMLInputElement).value).toBe('pasted secret');
});

test('empty fields are named, and nothing is sent', async () => {
  const user = show('/sign-in');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(screen.getByText('Enter your e-mail address.')).toBeTruthy();
  expect(screen.getByText('Enter your password.')).toBeTruthy();
  expect(sent).toHaveLength(0);
});

test('a refusal keeps what was typed and says what the server said', async () => {
  replies = [refuse('unauthenticated', 'The address or the password is wrong.')];
  const user = show('/sign-in');
  await signIn(user);
  expect((await screen.findByRole('alert')).textContent).toContain('The address or the password is wrong.');
  expect((screen.getByLabelText('E-mail address') as HTMLInputElement).value).toBe('ines@example.test');
});

test('too many tries: says how long to wait, and does not send meanwhile', async () => {
  replies = [refuse('rate_limited', 'Too many tries.', { retryAfterSeconds: 90 })];
  const user = show('/sign-in');
  await signIn(user);
  expect((await screen.findByRole('alert')).textContent).toContain('Try again in 1 min 30 s.');
  await user.keyboard('{Enter}');
  expect(sent).toHaveLength(1);
});

test('demo accounts are named only while they exist', async () => {
  session = aSession({ user: null, demoAccounts: true });
  show('/sign-in');
  expect(await screen.findByText('owner@demo.quarterdeck.test')).toBeTruthy();
});

test('who is signed in already goes on', async () => {
  session = aSession();
  show('/sign-in?to=%2Faudit');
  expect(await screen.findByText('at /audit')).toBeTruthy();
});

test.each([
  ['/slos?x=1#y', '/slos?x=1#y'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['https://evil.test', '/'],
  ['/sign-in?to=%2F', '/'],
  [null, '/'],
])('returning to %s means %s', (to, safe) => {
  expect(safeReturn(to)).toBe(safe);
});

test('the first owner: the token goes in the body, faults stand at their field', async () => {
  session = aSession({ setup: true, user: null });
  replies = [
    refuse('invalid', 'The input does not fit.', {
      fields: [{ field: 'password', message: 'use at least 15 characters' }],
    }),
  ];
  const user = show('/welcome#tok_abc');
  await user.type(screen.getByLabelText('Your name'), 'Ines');
  await user.type(screen.getByLabelText('E-mail address'), 'ines@example.test');
  await user.type(screen.getByLabelText('Password'), 'short');
  await user.click(screen.getByRole('button', { name: 'Create owner' }));
  expect(await screen.findByText('Use at least 15 characters.')).toBeTruthy();
  expect(sent[0]?.path).toBe('/trpc/session.createOwner');
  expect(sent[0]?.init?.body).toEqual(expect.stringContaining('"token":"tok_abc"'));
  await user.type(screen.getByLabelText('Password'), ' but now long enough');
  await user.click(screen.getByRole('button', { name: 'Create owner' }));
  expect(await screen.findByText('at /')).toBeTruthy();
});

test('a link that is spent, and one that lost its end', async () => {
  show('/welcome#tok_abc');
  expect(await screen.findByText('This console already has an owner.')).toBeTruthy();
  expect(tokenOf('#')).toBeNull();
  expect(tokenOf('#token=abc')).toBe('abc');
});

test('before the console is ready, it says so', async () => {
  replies = [{ status: 503, body: { status: 'warning', detail: 'The console is starting.' } }];
  const user = show('/sign-in');
  await signIn(user);
  await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('The console is starting.'));
});

const done = (data: unknown): Reply => ({ status: 200, body: { result: { data } } });
const ticket = 't'.repeat(43);

test('a second factor is asked for where there is one; a wrong code says so and keeps the way open', async () => {
  replies = [
    done({ next: 'second_factor', ticket, methods: ['totp', 'recovery'] }),
    refuse('unauthenticated', 'This code is wrong, too old, or was used before; give a new one.', {
      fields: [{ field: 'code', message: 'is wrong' }],
    }),
    done({ ok: true, recoveryCodesLeft: null }),
  ];
  const user = show('/sign-in?to=%2Faudit');
  await signIn(user);
  const code = await screen.findByLabelText('Code of your authenticator app');
  expect(code.getAttribute('autocomplete')).toBe('one-time-code');
  await user.type(code, '111111{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('This code is wrong, too old, or was used before');
  await user.clear(code);
  await user.type(code, '222 222{Enter}');
  expect(await screen.findByText('at /audit')).toBeTruthy();
  expect(sent.at(-1)?.path).toBe('/trpc/session.secondFactor');
  expect(sent.at(-1)?.init?.body).toBe(JSON.stringify({ ticket, code: '222 222' }));
});

test('a recovery code is spent, and the person hears how many are left', async () => {
  replies = [
    done({ next: 'second_factor', ticket, methods: ['totp', 'recovery'] }),
    done({ ok: true, recoveryCodesLeft: 1 }),
  ];
  const user = show('/sign-in');
  await signIn(user);
  await user.click(await screen.findByRole('radio', { name: 'Recovery code' }));
  await user.type(screen.getByLabelText('One of your recovery codes'), 'abcd-efgh-jkmn-pqrs{Enter}');
  expect(await screen.findByRole('heading', { name: 'You have 1 recovery code left.' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  expect(await screen.findByText('at /')).toBeTruthy();
});

test('a ticket that is over leads back to the start', async () => {
  replies = [
    done({ next: 'second_factor', ticket, methods: ['totp'] }),
    refuse('precondition', 'This took too long or too many tries; sign in again from the start.'),
  ];
  const user = show('/sign-in');
  await signIn(user);
  await user.type(await screen.findByLabelText('Code of your authenticator app'), '111111{Enter}');
  expect((await screen.findByRole('alert')).textContent).toContain('sign in again from the start');
  await user.click(screen.getByRole('button', { name: 'Sign in as somebody else' }));
  expect(screen.getByLabelText('E-mail address')).toBeTruthy();
});

test('identity providers are offered, and why one did not let somebody in is said', async () => {
  providers = [{ id: 'idp_acme', name: 'Acme ID' }];
  show('/sign-in?to=%2Faudit&refused=unknown_person');
  const link = await screen.findByRole('link', { name: 'Sign in with Acme ID' });
  expect(link.getAttribute('href')).toBe('/auth/oidc/idp_acme/start?return=%2Faudit');
  expect((await screen.findByRole('alert')).textContent).toContain('Nobody here is linked to that identity.');
});

test('who comes back from a provider with a second factor to show is asked for it', async () => {
  show(`/sign-in?return=%2Faudit#ticket=${ticket}&methods=recovery,totp`);
  expect(await screen.findByLabelText('Code of your authenticator app')).toBeTruthy();
  expect(screen.getByRole('radio', { name: 'Recovery code' })).toBeTruthy();
});
