import { defaultKeyPolicy, type KeyPolicyView } from '@qd/shared/api-keys';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './policies-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const view: KeyPolicyView = {
  platform: 'hashinsight',
  platformName: 'HashInsight',
  policy: { ...defaultKeyPolicy('hashinsight'), prefix: 'hsi' },
  scopes: [],
  catalog: [],
  updatedAt: null,
  canChange: true,
};
const grants = [{ platform: '*', permissions: ['api-keys:read' as const, 'api-keys:write' as const] }];

function open(answers: Answers = {}) {
  const found = renderApp('/keys/policies?of=hashinsight', {
    'session.get': aSession({ user: aUser({ grants }) }),
    'apiKeys.policies.get': view,
    'apiKeys.policies.set': { updatedAt: NOW },
    'apiKeys.peppers': refusal('upstream', 'The peppers are not read here.'),
    ...answers,
  } as Answers);
  return { ...found, user: userEvent.setup({ delay: null }) };
}
const inputOf = (calls: { path: string; input: unknown }[], path: string): unknown =>
  calls.findLast((call) => call.path === path)?.input;
const policyForm = async () => within(await screen.findByRole('form', { name: 'Policy of HashInsight' }));

test('a policy is changed after its change was shown', async () => {
  const { user, calls } = open();
  const form = await policyForm();
  expect(form.getByRole('button', { name: 'Save policy' }).getAttribute('aria-disabled')).toBe('true');
  await user.selectOptions(form.getByLabelText('Rotated'), 'Each quarter, UTC');
  await user.type(form.getByLabelText('Scopes of its own'), 'billing:read Read invoices');
  const changes = form.getByRole('status');
  expect(changes.textContent).toContain('Rotated: every 90 d each quarter');
  expect(changes.textContent).toContain('Scopes of its own: none billing:read');
  await user.click(form.getByRole('button', { name: 'Save policy' }));
  await waitFor(() =>
    expect(inputOf(calls, 'apiKeys.policies.set')).toEqual({
      platform: 'hashinsight',
      seenAt: null,
      policy: { ...view.policy, rotation: { by: 'quarter' } },
      scopes: [{ scope: 'billing:read', description: 'Read invoices' }],
    }),
  );
});

test('what does not fit is said at its field, and nothing is sent', async () => {
  const { user, calls } = open();
  const form = await policyForm();
  await user.clear(form.getByLabelText('Overlap, days'));
  await user.type(form.getByLabelText('Overlap, days'), '45');
  await user.clear(form.getByLabelText('Keys begin with'));
  await user.type(form.getByLabelText('Scopes of its own'), 'slo:read See objectives');
  await user.click(form.getByRole('button', { name: 'Save policy' }));
  expect(form.getByText('At most 30 days.')).toBeTruthy();
  expect(form.getByText('Use 2 to 8 of a-z and 0-9.')).toBeTruthy();
  expect(form.getByText(/Line 1: Is a permission of the console/)).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.policies.set')).toBeUndefined();
});

test('somebody who may only read changes nothing, and is told why', async () => {
  open({ 'apiKeys.policies.get': { ...view, canChange: false } } as Answers);
  const form = await policyForm();
  expect(form.getByLabelText<HTMLInputElement>('Keys begin with').matches(':disabled')).toBe(true);
  expect(form.getByRole('button', { name: 'Save policy' }).getAttribute('aria-disabled')).toBe('true');
});

test('a role that may not see keys is told who may', async () => {
  open({ 'session.get': aSession({ user: aUser({ grants: [{ platform: '*', permissions: ['slo:read'] }] }) }) });
  expect(
    await screen.findByRole('heading', { level: 1, name: 'Key policies are not open to your role.' }),
  ).toBeTruthy();
});
