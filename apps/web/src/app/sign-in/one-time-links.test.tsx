import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter, Route, Routes } from 'react-router';
import { beforeEach, expect, test, vi } from 'vitest';
import { aSession, NOW } from '../../../test/fixtures.ts';
import { InvitePage } from './invite-page.tsx';
import { ResetPage } from './reset-page.tsx';

const token = 'k'.repeat(43);
const invitation = {
  invitedBy: 'Mara Lind',
  name: 'Ines',
  email: 'ines@example.test',
  role: 'operator',
  title: 'Operator',
  platform: '*',
  platformName: null,
  permissions: [{ permission: 'slo:read', sentence: 'See objectives and budgets' }],
  expiresAt: NOW,
};

let answers: Record<string, unknown>;
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  sent = [];
  answers = { 'session.get': aSession({ user: null }), 'session.providers': [] };
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    const path = url.replace('/trpc/', '');
    sent.push({ path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined });
    const answer = answers[path];
    if (answer instanceof Error) {
      const data = { domainCode: 'precondition', fields: [] };
      return Promise.resolve(Response.json({ error: { message: answer.message, data } }, { status: 412 }));
    }
    return Promise.resolve(Response.json({ result: { data: answer } }));
  });
});

function show(path: string) {
  render(
    <MemoryRouter initialEntries={[path]}>
      <Routes>
        <Route path="/invite" element={<InvitePage />} />
        <Route path="/reset" element={<ResetPage />} />
        <Route path="/" element={<p>at home</p>} />
      </Routes>
    </MemoryRouter>,
  );
  return userEvent.setup();
}

const bodyOf = (path: string): unknown => sent.findLast((call) => call.path === path)?.body;

test('an invitation says who invites, to what; name and password let one in', async () => {
  answers['session.invitation'] = invitation;
  answers['session.acceptInvite'] = { ok: true };
  const user = show(`/invite#${token}`);
  const call = await screen.findByRole('heading', {
    level: 1,
    name: 'Mara Lind invites you as Operator on all platforms.',
  });
  expect(call).toBeTruthy();
  expect(screen.getByText('See objectives and budgets')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Accept invitation' }));
  expect(screen.getByText('Fill this in.')).toBeTruthy();
  await user.type(screen.getByLabelText('Password'), 'four words make it');
  await user.click(screen.getByRole('button', { name: 'Accept invitation' }));
  expect(await screen.findByText('at home')).toBeTruthy();
  expect(bodyOf('session.acceptInvite')).toEqual({ token, name: 'Ines', password: 'four words make it' });
});

test('an invitation names its platform as people do', async () => {
  answers['session.invitation'] = { ...invitation, platform: 'hashinsight', platformName: 'HashInsight' };
  show(`/invite#${token}`);
  expect(
    await screen.findByRole('heading', { name: 'Mara Lind invites you as Operator on HashInsight.' }),
  ).toBeTruthy();
});

test('an invitation can be accepted through a provider; a refusal is said there', async () => {
  answers['session.invitation'] = invitation;
  answers['session.providers'] = [{ id: 'idp_acme', name: 'Acme ID' }];
  answers['session.acceptInviteThrough'] = new Error('The invitation is over.');
  const user = show(`/invite#${token}`);
  await user.click(await screen.findByRole('button', { name: /^Accept with Acme ID/ }));
  expect((await screen.findByRole('alert')).textContent).toContain('The invitation is over.');
  expect(bodyOf('session.acceptInviteThrough')).toEqual({ token, name: 'Ines', provider: 'idp_acme' });
});

test('a link that is over, and one that lost its end, say so', async () => {
  answers['session.invitation'] = new Error('This link was used, replaced or has run out; ask for a new one.');
  show(`/invite#${token}`);
  expect(await screen.findByRole('heading', { level: 1, name: 'This link does not work any more.' })).toBeTruthy();
  expect(screen.getByText(/ask for a new one/)).toBeTruthy();
  show('/reset');
  expect(screen.getByText(/part of its end is missing/)).toBeTruthy();
});

test('a new password by a link', async () => {
  answers['session.resetLink'] = { kind: 'password', name: 'Ines', expiresAt: NOW };
  answers['session.useResetLink'] = { kind: 'password' };
  const user = show(`/reset#${token}`);
  await user.type(await screen.findByLabelText('New password'), 'four other words now{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Your new password is set.' })).toBeTruthy();
  expect(bodyOf('session.useResetLink')).toEqual({ token, password: 'four other words now' });
});

test('second factors off by a link, without a password', async () => {
  answers['session.resetLink'] = { kind: 'factors', name: 'Ines', expiresAt: NOW };
  answers['session.useResetLink'] = { kind: 'factors' };
  const user = show(`/reset#${token}`);
  await user.click(await screen.findByRole('button', { name: 'Take second factors off' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Your second factors are off.' })).toBeTruthy();
  expect(bodyOf('session.useResetLink')).toEqual({ token });
});
