import {
  defaultKeyPolicy,
  type CreateOptions,
  type DeliverAccount,
  type LinkWay,
  type NewKey,
} from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './create-key-dialog.tsx';
import './deliver-key-dialog.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const secret = `hsi_prod_key_${'aB3'.repeat(15)}z`;
const made: NewKey = {
  id: 'aB3aB3aB',
  name: 'Miner ingest',
  platform: 'hashinsight',
  environment: 'prod',
  expiresAt: NOW + 90 * DAY_MS,
  text: secret,
  claim: null,
};
const options: CreateOptions = {
  platforms: [
    {
      id: 'hashinsight',
      name: 'HashInsight',
      policy: { ...defaultKeyPolicy('hashinsight'), prefix: 'hsi' },
      scopes: [
        { scope: 'miners:read', description: 'List and read miners', of: 'platform' },
        { scope: 'miners:delete', description: 'Remove miners', of: 'platform' },
      ],
    },
  ],
  consoleScopes: [{ scope: 'slo:read', description: 'See objectives', of: 'console', platforms: '*' }],
  isOwner: false,
  canMail: false,
};
const grants = [
  {
    platform: '*',
    permissions: [
      'api-keys:read' as const,
      'api-keys:write' as const,
      'api-keys:deliver' as const,
      'users:read' as const,
    ],
  },
];

function open(answers: Answers = {}, path = '/keys/new') {
  const view = renderApp(path, {
    'session.get': aSession({ user: aUser({ grants }) }),
    'apiKeys.list': { rows: [], nextCursor: null },
    'apiKeys.createOptions': options,
    'apiKeys.create': made,
    ...answers,
  });
  return { ...view, user: userEvent.setup({ delay: null }) };
}
const inputOf = (calls: { path: string; input: unknown }[], path: string): unknown =>
  calls.findLast((call) => call.path === path)?.input;
const dialog = async (name: RegExp) => within(await screen.findByRole('dialog', { name }));

/** The form, once what it offers is there. */
async function createForm() {
  await screen.findByLabelText('Name');
  return dialog(/Create a key/);
}

test('a key is asked for in one step, and shown once in the next', async () => {
  const { user, calls } = open();
  const form = await createForm();
  expect(form.getByText(/Policy allows up to 90 d in prod; longer needs an owner\./)).toBeTruthy();
  await user.type(form.getByLabelText('Name'), 'Miner ingest');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByRole('button', { name: 'Create key' }));
  const shown = await dialog(/Copy the secret now/);
  expect(shown.getByTestId('secret').textContent).toBe(secret);
  expect(inputOf(calls, 'apiKeys.create')).toMatchObject({
    name: 'Miner ingest',
    platform: 'hashinsight',
    environment: 'prod',
    scopes: ['miners:read'],
    lifeDays: 90,
    ownerId: null,
    delivery: { kind: 'show' },
  });
  await user.click(shown.getByLabelText('I have stored it in a secret manager'));
  await user.click(shown.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByTestId('secret')).toBeNull());
  expect(document.body.innerHTML + JSON.stringify({ ...localStorage })).not.toContain(secret.slice(-20));
});

test('what is missing is said at its field, and nothing is sent', async () => {
  const { user, calls } = open();
  const form = await createForm();
  await user.click(form.getByRole('radio', { name: 'Pick a date' }));
  await user.click(form.getByRole('button', { name: 'Create key' }));
  expect(form.getByText('Pick the day it ends.')).toBeTruthy();
  await user.click(form.getByRole('radio', { name: '30 d' }));
  expect(form.getByText('Give a name.')).toBeTruthy();
  expect(form.getByText('Give at least one scope.')).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.create')).toBeUndefined();
});

test('a refusal is said, the draft stays, and Ctrl+Enter sends it again', async () => {
  let tries = 0;
  const { user } = open({
    'apiKeys.create': () => {
      tries += 1;
      return refusal('forbidden', 'Nobody gives or takes what they lack; you do not hold slo:read there.');
    },
  });
  const form = await createForm();
  await user.type(form.getByLabelText('Name'), 'Reader');
  await user.click(form.getByLabelText(/slo:read/));
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect((await form.findByRole('alert')).textContent).toContain('you do not hold slo:read');
  await user.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() => expect(tries).toBe(2));
  expect(form.getByLabelText<HTMLInputElement>('Name').value).toBe('Reader');
});

test('a key for somebody else is a link, shown once where there is no mail', async () => {
  const claim = {
    recipientName: 'Pat',
    recipientEmail: 'pat@partner.example',
    path: `/claim#${'k'.repeat(43)}`,
    expiresAt: NOW + 3 * DAY_MS,
  };
  const { user, calls } = open({ 'apiKeys.create': { ...made, text: null, claim } });
  const form = await createForm();
  await user.type(form.getByLabelText('Name'), 'Partner');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByText('Delivery, owner, limits and consumers'));
  await user.click(form.getByRole('radio', { name: 'Whoever uses it, by a link' }));
  await user.type(form.getByLabelText('Recipient'), 'Pat');
  await user.type(form.getByLabelText('Their email'), 'pat@partner.example');
  await user.click(form.getByRole('button', { name: 'Create key' }));
  const ready = await dialog(/The link is ready/);
  expect(ready.getByText(/Hand this link to pat@partner\.example yourself/)).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.create')).toMatchObject({
    delivery: { kind: 'claim', recipientName: 'Pat', recipientEmail: 'pat@partner.example' },
  });
});

test('a key of another person goes to them by a link, and to nobody else', async () => {
  const user1 = aUser({ grants: [{ platform: '*', permissions: [...(grants[0]?.permissions ?? []), 'users:read'] }] });
  const { user, calls } = open({
    'session.get': aSession({ user: user1 }),
    'users.list': { rows: [{ id: 'usr_hana', name: 'Hana Eriksen', email: 'hana@example.test' }], nextCursor: null },
    'apiKeys.ownerScopes': { scopes: ['miners:read'], name: 'Hana Eriksen', email: 'hana@example.test' },
  });
  const form = await createForm();
  await user.type(form.getByLabelText('Name'), 'Hers');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByText('Delivery, owner, limits and consumers'));
  await user.type(form.getByLabelText('Acts for'), 'Hana');
  await user.click(await form.findByRole('button', { name: /Hana Eriksen/ }));
  expect(form.getByRole<HTMLButtonElement>('radio', { name: 'I do, now' }).disabled).toBe(true);
  await user.click(form.getByRole('button', { name: 'Create key' }));
  await waitFor(() =>
    expect(inputOf(calls, 'apiKeys.create')).toMatchObject({
      ownerId: 'usr_hana',
      delivery: { kind: 'claim', recipientEmail: 'hana@example.test' },
    }),
  );
});

test('support sends a person a key of their own, within their role', async () => {
  const { user, calls } = open(
    {
      'apiKeys.deliverOptions': {
        name: 'Hana Eriksen',
        email: 'hana@example.test',
        isDemo: false,
        accounts: [
          {
            platform: 'hashinsight',
            platformName: 'HashInsight',
            role: 'Client',
            policy: defaultKeyPolicy('hashinsight'),
            scopes: [{ scope: 'miners:read', description: 'List and read miners', of: 'platform' }],
            way: 'mailed',
          },
        ],
      },
      'apiKeys.deliver': {
        ...made,
        text: null,
        claim: {
          recipientName: 'Hana Eriksen',
          recipientEmail: 'hana@example.test',
          path: null,
          expiresAt: NOW + DAY_MS,
        },
      },
    },
    '/keys/new?person=usr_hana',
  );
  const form = await dialog(/Send Hana Eriksen a key by link/);
  expect(form.getByText(/Their role there: Client\./)).toBeTruthy();
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(form.getByRole('button', { name: 'Send link' }));
  const ready = await dialog(/The link is ready/);
  expect(ready.getByText('The link was mailed to hana@example.test.')).toBeTruthy();
  expect(inputOf(calls, 'apiKeys.deliver')).toMatchObject({ ownerId: 'usr_hana', scopes: ['miners:read'] });
});

test('where no link can go out, support is told before the act, and whom to ask', async () => {
  const account = (platform: string, platformName: string, way: LinkWay): DeliverAccount => ({
    platform,
    platformName,
    role: 'Client',
    policy: defaultKeyPolicy(platform),
    scopes: [{ scope: 'miners:read', description: 'List and read miners', of: 'platform' }],
    way,
  });
  const offer = (accounts: DeliverAccount[]) => ({
    'apiKeys.deliverOptions': { name: 'Hana Eriksen', email: 'hana@example.test', isDemo: false, accounts },
  });
  const refused = account('hashinsight', 'HashInsight', 'refused');
  const { unmount } = open(offer([refused]), '/keys/new?person=usr_hana');
  const closed = await dialog(/Send Hana Eriksen a key by link/);
  expect((await closed.findByRole('status')).textContent).toMatch(
    /^No mail server is set up.*people who may create keys on HashInsight: owners and admins/,
  );
  expect(closed.queryByRole('button', { name: /link/ })).toBeNull();
  unmount();
  const shown = account('web3audit', 'Web3 Audit', 'shown');
  const { user, calls } = open(offer([refused, shown]), '/keys/new?person=usr_hana');
  const form = await dialog(/Send Hana Eriksen a key by link/);
  await waitFor(() => expect(form.getByLabelText<HTMLSelectElement>('Platform').value).toBe('web3audit'));
  expect(form.getByText(/No mail goes to hana@example\.test from here: the link is shown to you once/)).toBeTruthy();
  expect(form.getByRole('button', { name: 'Make link' })).toBeTruthy();
  await user.selectOptions(form.getByLabelText('Platform'), 'HashInsight');
  expect(form.getByText(/No mail server is set up/)).toBeTruthy();
  const send = form.getByRole('button', { name: 'Send link' });
  expect(send.getAttribute('aria-disabled')).toBe('true');
  await user.click(form.getByLabelText(/miners:read/));
  await user.click(send);
  expect(inputOf(calls, 'apiKeys.deliver')).toBeUndefined();
});
