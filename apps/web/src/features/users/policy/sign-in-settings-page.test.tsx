import { DAY_MS } from '@qd/shared/time';
import type { FactorCoverage, FactorPolicyView, OidcProviderView } from '@qd/shared/users';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './sign-in-settings-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const policy = (over: Partial<FactorPolicyView> = {}): FactorPolicyView => ({
  role: 'admin',
  title: 'Admin',
  isRequired: true,
  graceMs: 7 * DAY_MS,
  since: NOW,
  version: 2,
  ...over,
});
const coverage = (over: Partial<FactorCoverage> = {}): FactorCoverage => ({
  role: 'admin',
  title: 'Admin',
  isRequired: true,
  people: 4,
  withFactor: 2,
  inGrace: 1,
  overdue: 1,
  ...over,
});
const provider: OidcProviderView = {
  id: 'idp_acme',
  name: 'Acme ID',
  issuer: 'https://id.acme.test',
  clientId: 'quarterdeck',
  hasSecret: true,
  isEnabled: true,
  version: 5,
  people: 3,
  createdAt: NOW,
  updatedAt: NOW,
};

const mayAll = aUser({ grants: [{ platform: '*', permissions: ['platforms:read', 'users:read', 'users:policy'] }] });

function open(answers: Answers = {}, path = '/settings/sign-in') {
  const view = renderApp(path, {
    'session.get': aSession({ user: mayAll }),
    'users.factorPolicies': [policy(), policy({ role: 'support', title: 'Support', isRequired: false, version: 0 })],
    'users.factorCoverage': [
      coverage(),
      coverage({
        role: 'support',
        title: 'Support',
        isRequired: false,
        people: 1,
        withFactor: 0,
        inGrace: 0,
        overdue: 0,
      }),
    ],
    'users.oidcProviders': { providers: [provider], redirectUri: 'http://localhost:5080/auth/oidc/callback' },
    ...answers,
  });
  return { ...view, user: userEvent.setup() };
}

const inputOf = (calls: { path: string; input: unknown }[], path: string): unknown =>
  calls.findLast((call) => call.path === path)?.input;

test('which roles must, and who is overdue, is said and drawn', async () => {
  open();
  const table = within(await screen.findByRole('table', { name: 'Second factors by role' }));
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
    'One role has to use a second factor: Admin. 1 person of Admin is overdue.',
  );
  expect(table.getAllByRole('img', { name: '2 of 4 have one, 1 in grace, 1 overdue' }).length).toBeGreaterThan(0);
  expect(table.getAllByText('Required, 7 days to set one up').length).toBeGreaterThan(0);
});

test('a rule is changed with its effect in sight; the address names the role', async () => {
  const { user, calls, address } = open({
    'users.setFactorPolicy': policy({ role: 'support', title: 'Support', graceMs: 0 }),
  });
  const [change] = await screen.findAllByRole('button', { name: 'Change rule of Support' });
  await user.click(change ?? document.body);
  const dialog = within(await screen.findByRole('dialog', { name: 'Second factor for Support' }));
  expect(address.current).toBe('/settings/sign-in?role=support');
  await user.click(dialog.getByRole('checkbox'));
  const days = dialog.getByLabelText('Days to set one up');
  await user.clear(days);
  await user.type(days, '0');
  expect(dialog.getByText(/1 person without one can do nothing but set one up, from the moment/)).toBeTruthy();
  await user.click(dialog.getByRole('button', { name: 'Save rule' }));
  await waitFor(() => expect(address.current).toBe('/settings/sign-in'));
  expect(inputOf(calls, 'users.setFactorPolicy')).toEqual({
    role: 'support',
    isRequired: true,
    graceMs: 0,
    version: 0,
  });
});

test('a rule somebody else changed meanwhile: theirs is shown, mine is kept', async () => {
  let current = policy();
  const { user, calls } = open(
    {
      'users.factorPolicies': () => [current],
      'users.setFactorPolicy': () => {
        current = policy({ graceMs: 30 * DAY_MS, version: 3 });
        return refusal('conflict', 'This rule was changed meanwhile; look at it again.');
      },
    },
    '/settings/sign-in?role=admin',
  );
  const dialog = within(await screen.findByRole('dialog'));
  const days = dialog.getByLabelText('Days to set one up');
  await user.clear(days);
  await user.type(days, '3');
  await user.click(dialog.getByRole('button', { name: 'Save rule' }));
  expect(await dialog.findByText(/it now says: required, 30 days to set one up/)).toBeTruthy();
  expect((days as HTMLInputElement).value).toBe('3');
  await user.click(dialog.getByRole('button', { name: 'Save rule' }));
  await waitFor(() =>
    expect(inputOf(calls, 'users.setFactorPolicy')).toMatchObject({ graceMs: 3 * DAY_MS, version: 3 }),
  );
});

test('a provider is added; what its issuer is refused for stands at the field', async () => {
  const bad = refusal('invalid', 'Nobody answers like an identity provider there.');
  Object.assign((bad as Error & { data: object }).data, {
    fields: [{ field: 'issuer', message: 'is not an OpenID provider' }],
  });
  const { user, calls } = open({ 'users.saveOidcProvider': bad });
  await user.click(await screen.findByRole('button', { name: 'Add provider' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Add identity provider' }));
  expect(dialog.getByText('http://localhost:5080/auth/oidc/callback')).toBeTruthy();
  await user.type(dialog.getByLabelText('Name'), 'Corp');
  await user.type(dialog.getByLabelText('Issuer'), 'https://id.corp.test');
  await user.type(dialog.getByLabelText('Client ID'), 'qd');
  await user.click(dialog.getByRole('button', { name: 'Save provider' }));
  expect(await dialog.findByText('Is not an OpenID provider.')).toBeTruthy();
  expect(inputOf(calls, 'users.saveOidcProvider')).toEqual({
    id: null,
    version: 0,
    name: 'Corp',
    issuer: 'https://id.corp.test',
    clientId: 'qd',
    clientSecret: null,
    isEnabled: true,
  });
});

test('a stored secret is never shown, and stays when nothing is typed', async () => {
  const { user, calls } = open({ 'users.saveOidcProvider': { id: 'idp_acme' } }, '/settings/sign-in?provider=idp_acme');
  const dialog = within(await screen.findByRole('dialog', { name: 'Change Acme ID' }));
  expect((dialog.getByLabelText('Client secret') as HTMLInputElement).value).toBe('');
  await user.click(dialog.getByRole('checkbox', { name: 'People may sign in through it' }));
  await user.click(dialog.getByRole('button', { name: 'Save provider' }));
  await waitFor(() =>
    expect(inputOf(calls, 'users.saveOidcProvider')).toMatchObject({
      version: 5,
      clientSecret: null,
      isEnabled: false,
    }),
  );
});

test('removing a provider says how many people lose it and has its name typed', async () => {
  const { user, calls } = open({ 'users.removeOidcProvider': { unlinked: 3 } });
  await user.click(await screen.findByRole('button', { name: 'Remove Acme ID' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Remove Acme ID?' }));
  expect(dialog.getByText(/3 people can sign in through it/)).toBeTruthy();
  await user.type(dialog.getByRole('textbox'), 'Acme ID');
  await user.click(dialog.getByRole('button', { name: 'Remove provider' }));
  await waitFor(() => expect(inputOf(calls, 'users.removeOidcProvider')).toEqual({ id: 'idp_acme', version: 5 }));
});

test('who may not set it is told who can; what does not load says so', async () => {
  const { unmount } = open({ 'session.get': aSession() });
  expect(await screen.findByText('Owners and admins can set who must use a second factor.')).toBeTruthy();
  unmount();
  open({ 'users.oidcProviders': refusal('precondition', 'The records cannot be read now.') });
  expect(await screen.findByText('The identity providers did not load.')).toBeTruthy();
  expect(screen.getByRole('table', { name: 'Second factors by role' })).toBeTruthy();
});
