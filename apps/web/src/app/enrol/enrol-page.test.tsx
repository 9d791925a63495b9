import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { aSession, aUser } from '../../../test/fixtures.ts';
import { refusal, renderApp } from '../../../test/render-app.tsx';
import './enrol-page.tsx';

const started = { id: 'totp_9', secret: 'ABCDEFGH', uri: 'otpauth://totp/x?secret=ABCDEFGH' };

test('who must set up a factor sees nothing else until it is done, and the codes first', async () => {
  let mustEnrol = true;
  const user = userEvent.setup();
  renderApp('/audit', {
    'session.get': () => aSession({ user: aUser({ mustEnrol }) }),
    'audit.list': { rows: [], nextCursor: null },
    'account.startTotp': started,
    'account.confirmTotp': () => {
      mustEnrol = false;
      return { id: 'totp_9', recoveryCodes: ['0123-4567-89ab-cdef'] };
    },
  });
  const call = await screen.findByRole('heading', { level: 1, name: 'Set up a second factor to go on, Ines Okafor.' });
  expect(call).toBeTruthy();
  expect(screen.queryByRole('navigation')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Go on' }));
  await user.type(await screen.findByLabelText('First code of the app'), '123456{Enter}');
  expect(await screen.findByText('0123-4567-89ab-cdef')).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'I have kept them' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Nothing has been logged yet.' })).toBeTruthy();
});

test('a refusal stands in the form, and one can leave', async () => {
  const user = userEvent.setup();
  const { calls, address } = renderApp('/', {
    'session.get': aSession({ user: aUser({ mustEnrol: true }) }),
    'account.startTotp': refusal('precondition', 'Sign in again to set one up.'),
    'session.signOut': { ok: true },
  });
  await user.click(await screen.findByRole('button', { name: 'Go on' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Sign in again to set one up.');
  await user.click(screen.getByRole('button', { name: 'Sign out' }));
  await waitFor(() => expect(address.current).toMatch(/^\/sign-in/));
  expect(calls.some((call) => call.path === 'session.signOut')).toBe(true);
});
