import { HOUR_MS } from '@qd/shared/time';
import type { BlastRadius } from '@qd/shared/users';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { aPerson, aRow, directory, hana, supporter } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const person = aPerson();

async function openPerson(over: Answers = {}) {
  const view = renderApp('/users/usr_jun?text=jun', { ...directory, ...over });
  const panel = within(await screen.findByRole('complementary', { name: 'Jun Watanabe' }));
  const made = (path: string) => view.calls.filter((call) => call.path === path).map((call) => call.input);
  return { ...view, panel, made };
}

/** Fills in why, and presses the button of the dialog on top. */
async function confirm(title: string | RegExp, button: string, typed?: string) {
  const dialog = within(await screen.findByRole('dialog', { name: title }));
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'Asked by phone' } });
  if (typed !== undefined) fireEvent.change(dialog.getByLabelText(/^Type/), { target: { value: typed } });
  fireEvent.click(dialog.getByRole('button', { name: button }));
}

test('what a person is, where they are signed in, and what they did', async () => {
  const { panel, address } = await openPerson();
  expect(panel.getByText('Password and two-step')).toBeTruthy();
  expect(await panel.findByText('Chrome on Windows', { exact: false })).toBeTruthy();
  expect(panel.getByText('Users: signed in')).toBeTruthy();
  expect(panel.getByRole('link', { name: 'All in the audit log' }).getAttribute('href')).toContain('actor=jun');
  fireEvent.click(panel.getByRole('button', { name: 'Close' }));
  await waitFor(() => expect(address.current).toBe('/users?text=jun'));
});

test('a role on a platform shows what it adds before it is saved', async () => {
  const { panel, made } = await openPerson({ 'users.assignMembership': { approval: null } });
  fireEvent.click(panel.getByRole('button', { name: 'Change Client on HashInsight' }));
  fireEvent.change(panel.getByLabelText('HashInsight role'), { target: { value: 'broker' } });
  expect(panel.getByText('This adds 2 permissions.')).toBeTruthy();
  expect(panel.getByText('customers:read')).toBeTruthy();
  fireEvent.change(panel.getByLabelText(/^Reason/), { target: { value: 'Joins the broker desk' } });
  fireEvent.click(panel.getByRole('button', { name: 'Save role' }));
  await waitFor(() =>
    expect(made('users.assignMembership')).toMatchObject([
      { role: 'broker', seenAt: person.memberships[0]?.updatedAt },
    ]),
  );
});

test('a role that somebody else must approve says so and leads there', async () => {
  const approval = { id: 'apr_1234', summary: '', phase: 'waiting', expiresAt: NOW + 60_000, coolsOffAt: null };
  const { panel } = await openPerson({ 'roles.grant': { approval } });
  fireEvent.click(panel.getByRole('button', { name: 'Give a role' }));
  fireEvent.change(panel.getByLabelText('Role'), { target: { value: 'owner' } });
  fireEvent.change(panel.getByLabelText(/^Reason/), { target: { value: 'Second owner' } });
  fireEvent.click(panel.getByRole('button', { name: 'Save role' }));
  expect(await panel.findByText('Nothing has changed yet.')).toBeTruthy();
  expect(panel.getByRole('link', { name: 'Open approvals' }).getAttribute('href')).toBe('/users/approvals');
});

test('suspending says what stops and has the name typed', async () => {
  const { panel, made } = await openPerson({ 'users.suspend': { version: 4 } });
  fireEvent.click(panel.getByRole('button', { name: 'Suspend' }));
  expect(await screen.findByText(/^2 sessions, 1 role, 1 platform account and 1 API key stop working/)).toBeTruthy();
  await confirm('Suspend Jun Watanabe?', 'Suspend', 'Jun Watanabe');
  await waitFor(() => expect(made('users.suspend')).toEqual([{ id: 'usr_jun', reason: 'Asked by phone' }]));
});

const radius: BlastRadius = {
  person: { id: 'usr_jun', name: 'Jun Watanabe' },
  sessions: 2,
  keys: [
    {
      id: 'key_1',
      name: 'Ingest',
      platform: 'hashinsight',
      environment: 'live',
      scopes: [],
      lastUsedAt: null,
      expiresAt: null,
    },
  ],
  grants: [{ role: 'operator', title: 'Operator', platform: '*' }],
  memberships: [],
  approvals: [],
  invitations: [],
  leftBehind: [],
  onCall: { slots: [], count: 0 },
  refusal: null,
};
const offboarding: Answers = {
  'users.blastRadius': radius,
  'users.offboard': { endedSessions: 2, revokedKeys: 0, transferredKeys: 1, removedGrants: 1, endedSlots: 0 },
};

test('offboarding shows everything that ends first', async () => {
  const { panel, made } = await openPerson(offboarding);
  fireEvent.click(panel.getByRole('button', { name: 'Offboard' }));
  expect(await screen.findByText('Operator on all platforms')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('What becomes of Ingest'), { target: { value: 'me' } });
  await confirm('Offboard Jun Watanabe?', 'Offboard', 'Jun Watanabe');
  await waitFor(() =>
    expect(made('users.offboard')).toEqual([
      { id: 'usr_jun', reason: 'Asked by phone', keys: [{ keyId: 'key_1', becomes: 'transfer', to: 'usr_1' }] },
    ]),
  );
});

test('a key of who leaves goes to somebody who is looked up first', async () => {
  const { panel, made } = await openPerson({
    ...offboarding,
    'users.list': { rows: [aRow(), hana], nextCursor: null },
  });
  fireEvent.click(panel.getByRole('button', { name: 'Offboard' }));
  fireEvent.change(await screen.findByLabelText('What becomes of Ingest'), { target: { value: 'other' } });
  await confirm('Offboard Jun Watanabe?', 'Offboard', 'Jun Watanabe');
  expect(await screen.findByText('Choose who takes over Ingest, or revoke it.')).toBeTruthy();
  expect(made('users.offboard')).toEqual([]);
  fireEvent.change(screen.getByLabelText('Who takes over Ingest'), { target: { value: 'ha' } });
  const found = within(await screen.findByRole('list', { name: 'People found' }));
  expect(found.queryByText('Jun Watanabe')).toBeNull();
  expect(made('users.list').at(-1)).toMatchObject({ text: 'ha', state: 'active' });
  fireEvent.click(found.getByRole('button', { name: /Hana Eriksen/ }));
  expect(screen.getByText('Hana Eriksen takes it over.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Offboard' }));
  await waitFor(() =>
    expect(made('users.offboard')).toMatchObject([{ keys: [{ keyId: 'key_1', becomes: 'transfer', to: 'usr_hana' }] }]),
  );
});

test('what stays in force under the name of who leaves is named, with its times and the way there', async () => {
  const stays = { reason: 'Move of the database', platform: 'hashinsight' };
  const slo = { id: 'slo_checkout', name: 'Checkout' };
  const { panel } = await openPerson({
    'users.blastRadius': {
      ...radius,
      leftBehind: [
        { ...stays, kind: 'exclusion', id: 'exc_1', slo, startsAt: NOW, endsAt: NOW + HOUR_MS, recurs: false },
        { ...stays, kind: 'exclusion', id: 'exc_2', slo: null, startsAt: NOW, endsAt: NOW + HOUR_MS, recurs: true },
        { ...stays, kind: 'override', id: 'ovr_1', slo, until: NOW + HOUR_MS },
      ],
    },
  });
  fireEvent.click(panel.getByRole('button', { name: 'Offboard' }));
  const once = await screen.findByRole('link', { name: /^Excluded time: HashInsight, Checkout/ });
  expect(once.getAttribute('href')).toBe('/slos/exclusions?platform=hashinsight&row=exc_1');
  expect(screen.getByRole('link', { name: /^Excluded time: HashInsight, all objectives/ })).toBeTruthy();
  expect(screen.getByText(/^1 h again and again, first .* Move of the database$/)).toBeTruthy();
  const passing = screen.getByRole('link', { name: /^Releases may pass: HashInsight, Checkout/ });
  expect(passing.getAttribute('href')).toBe('/slos/slo_checkout');
  expect(screen.getByText(/^Until .* Move of the database$/)).toBeTruthy();
});

test('slots on call that end are named: where they run, and where nobody else is', async () => {
  const slot = { platform: 'hashinsight', platformName: 'HashInsight', role: 'primary' as const };
  const { panel } = await openPerson({
    'users.blastRadius': {
      ...radius,
      onCall: {
        slots: [
          { ...slot, id: 'ocs_1', startsAt: NOW - 1, endsAt: NOW + HOUR_MS, isRunning: true, leavesNobody: true },
          {
            ...slot,
            id: 'ocs_2',
            startsAt: NOW + 2 * HOUR_MS,
            endsAt: NOW + 3 * HOUR_MS,
            isRunning: false,
            leavesNobody: false,
          },
        ],
        count: 101,
      },
    } satisfies BlastRadius,
  });
  fireEvent.click(panel.getByRole('button', { name: 'Offboard' }));
  const list = within(await screen.findByRole('list', { name: 'On-call slots that end' }));
  expect(screen.getByText(/^101 slots end, now for HashInsight until 3 Oct, 15:47 UTC/)).toBeTruthy();
  expect(list.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'HashInsight, primary, now until 3 Oct, 15:47 UTCNobody else covers it',
    'HashInsight, primary, 3 Oct, 16:47 UTC to 3 Oct, 17:47 UTC',
    'and 99 more',
  ]);
});

test('who is about to be suspended and is on call is said to stay on call by name', async () => {
  const slot = { id: 'ocs_1', platform: 'hashinsight', role: 'primary', state: 'running', endsAt: NOW + HOUR_MS };
  const { panel, made } = await openPerson({ 'oncall.list': { rows: [slot], nextCursor: null, asOf: NOW } });
  fireEvent.click(panel.getByRole('button', { name: 'Suspend' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Suspend Jun Watanabe?' }));
  expect(await dialog.findByText('They are on call, and stay on call by name.')).toBeTruthy();
  expect(dialog.getByText('HashInsight, primary, now until 3 Oct, 15:47 UTC')).toBeTruthy();
  expect(made('oncall.list')).toMatchObject([{ userId: 'usr_jun' }]);
});

test('a link back in is shown once', async () => {
  const { panel } = await openPerson({
    'users.sendResetLink': { userId: 'usr_jun', path: '/reset#secret', expiresAt: NOW + 1_800_000 },
  });
  fireEvent.click(panel.getByRole('button', { name: 'Send two-step reset' }));
  await confirm(/two-step off/, 'Send two-step reset');
  expect(await panel.findByText(/\/reset#secret$/)).toBeTruthy();
});

test('somebody else’s change is shown beside what was typed, and nothing is lost', async () => {
  let now = person;
  const { panel, made } = await openPerson({
    'users.get': () => now,
    'users.updateProfile': () => {
      if (now.version === 4) return { version: 5 };
      now = aPerson({ version: 4, email: 'jun@example.test' });
      return refusal('conflict', 'Somebody changed this person meanwhile.');
    },
  });
  fireEvent.click(panel.getByRole('button', { name: 'Edit profile' }));
  fireEvent.change(panel.getByLabelText('Name'), { target: { value: 'Jun W' } });
  fireEvent.click(panel.getByRole('button', { name: 'Save profile' }));
  expect(await panel.findByText(/Somebody saved meanwhile: now Jun Watanabe, jun@example.test/)).toBeTruthy();
  expect((panel.getByLabelText('Name') as HTMLInputElement).value).toBe('Jun W');
  fireEvent.click(panel.getByRole('button', { name: 'Keep mine' }));
  fireEvent.click(panel.getByRole('button', { name: 'Save profile' }));
  await waitFor(() => expect(made('users.updateProfile').at(-1)).toMatchObject({ version: 4, name: 'Jun W' }));
});

test('support is told why it may not touch somebody, and what it may not do', async () => {
  const { panel, made } = await openPerson({
    'session.get': aSession({ user: supporter }),
    'users.get': aPerson({ may: [] }),
  });
  expect(panel.getByText(/^You cannot act on Jun Watanabe: they may do more than you/)).toBeTruthy();
  const suspend = panel.getByRole('button', { name: 'Suspend' });
  expect(suspend.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(suspend);
  expect(screen.queryByRole('dialog', { name: /^Suspend/ })).toBeNull();
  expect(made('users.suspend')).toEqual([]);
});

test('a person who cannot be seen, and one who did not load', async () => {
  const { unmount } = renderApp('/users/usr_gone', {
    ...directory,
    'users.get': refusal('not_found', 'No such person.'),
  });
  expect(await screen.findByText(/^There is no such person here/)).toBeTruthy();
  unmount();
  renderApp('/users/usr_jun', { ...directory, 'users.get': refusal('invalid', 'No.') });
  expect(await screen.findByText(/req_7f3a91c2/)).toBeTruthy();
});
