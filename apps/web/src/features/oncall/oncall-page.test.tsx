import type { PlatformGaps, PlatformOnCall, SlotView } from '@qd/shared/oncall';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../test/render-app.tsx';
import { resetServerTime } from '../../lib/clock.ts';
import './oncall-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

function aSlot(over: Partial<SlotView> = {}): SlotView {
  const endsAt = over.endsAt ?? NOW + 18 * HOUR_MS;
  return {
    id: 'ocs_1',
    platform: 'hashinsight',
    role: 'primary',
    person: { id: 'usr_jun', name: 'Jun Watanabe', state: 'active' },
    startsAt: NOW - 6 * HOUR_MS,
    endsAt,
    plannedEndsAt: endsAt,
    note: '',
    state: 'running',
    version: 3,
    ended: null,
    isDemo: false,
    createdAt: NOW - DAY_MS,
    ...over,
  };
}

const jun = aSlot();
const priya = aSlot({
  id: 'ocs_2',
  person: { id: 'usr_priya', name: 'Priya Raman', state: 'active' },
  startsAt: NOW + 18 * HOUR_MS,
  endsAt: NOW + 42 * HOUR_MS,
  state: 'upcoming',
  note: 'Deploy at six',
});
const tariq = aSlot({
  id: 'ocs_3',
  platform: 'stellarescrow',
  role: 'secondary',
  person: { id: 'usr_tariq', name: 'Tariq Silva', state: 'suspended' },
});
const nobody = { primary: null, secondary: null, nextPrimary: null, nextSecondary: null };
const hash: PlatformOnCall = {
  ...nobody,
  platform: 'hashinsight',
  name: 'HashInsight',
  primary: jun,
  nextPrimary: priya,
};
const escrow: PlatformOnCall = { ...nobody, platform: 'stellarescrow', name: 'StellarEscrow', secondary: tariq };
const audit: PlatformOnCall = { ...nobody, platform: 'web3-audit', name: 'Web3 Audit' };
const gap = { startsAt: NOW + 42 * HOUR_MS, endsAt: NOW + 14 * DAY_MS, hasSecondary: false };
const none = { gaps: [], gapCount: 0, gapMs: 0, nobodyMs: 0 };
const lengthMs = gap.endsAt - gap.startsAt;
const hashGaps: PlatformGaps = {
  platform: 'hashinsight',
  name: 'HashInsight',
  gaps: [gap],
  gapCount: 1,
  gapMs: lengthMs,
  nobodyMs: lengthMs,
};
const commander = aUser({
  grants: [{ platform: '*', permissions: ['platforms:read', 'oncall:read', 'oncall:write', 'users:read'] }],
});
const noa = { id: 'usr_noa', name: 'Noa Haddad', email: 'noa@example.test' };
const answers: Answers = {
  'session.get': aSession({ user: commander }),
  'oncall.now': { platforms: [hash], asOf: NOW },
  'oncall.gaps': { platforms: [hashGaps], asOf: NOW },
  'oncall.list': { rows: [jun, priya], nextCursor: null, asOf: NOW },
  'oncall.people': [{ id: 'usr_jun', name: 'Jun Watanabe', email: 'jun@example.test' }, noa],
};
const open = (over: Answers = {}, path = '/oncall') => renderApp(path, { ...answers, ...over });
const call = () => screen.findByRole('heading', { level: 1 });
/** Rows are there twice: as cells, and as they stand on the phone. */
const press = async (name: RegExp) => {
  const [button] = await screen.findAllByRole('button', { name });
  fireEvent.click(button ?? document.body);
};
const made = (view: ReturnType<typeof open>, path: string) =>
  view.calls.filter((one) => one.path === path).map((one) => one.input);

test('who is on call, until when, who comes next, and the next gap', async () => {
  open();
  expect((await call()).textContent).toBe(
    'Jun Watanabe is on call for HashInsight until 4 Oct, 08:47 UTC, in 18 h. The next gap is HashInsight, from 5 Oct, 08:47 UTC for 12 d 6 h. ',
  );
  const table = within(screen.getByRole('table', { name: 'Who is on call now, by platform' }));
  const [link] = table.getAllByRole('link', { name: 'Jun Watanabe' });
  expect(link?.getAttribute('href')).toBe('/users/usr_jun');
  expect(table.getAllByText('then Priya Raman, from 4 Oct, 08:47 UTC')).toBeTruthy();
  expect(table.getAllByText('1 gap, 12 d 6 h in all')).toBeTruthy();
  const slots = within(screen.getByRole('table', { name: 'On-call slots' }));
  expect(slots.getAllByText('Deploy at six')).toBeTruthy();
  expect(screen.getByText('1 platform')).toBeTruthy();
});

test('where nobody is comes first, then who is alone or cannot come', async () => {
  open({
    'oncall.now': { platforms: [hash, escrow, audit], asOf: NOW },
    'oncall.gaps': { platforms: [{ ...none, platform: 'hashinsight', name: 'HashInsight' }], asOf: NOW },
    'oncall.list': { rows: [jun, tariq], nextCursor: null, asOf: NOW },
  });
  expect((await call()).textContent).toBe(
    'Nobody is on call for Web3 Audit. StellarEscrow has no primary, only Tariq Silva as secondary. ',
  );
  expect(screen.getAllByText('suspended, cannot come').length).toBeGreaterThan(0);
});

test('a gap that has begun is told from now, and is not the next one', async () => {
  const begun = { ...gap, startsAt: NOW + 900 };
  open({
    'oncall.now': { platforms: [audit], asOf: NOW },
    'oncall.gaps': {
      platforms: [{ ...hashGaps, platform: 'web3-audit', name: 'Web3 Audit', gaps: [begun] }],
      asOf: NOW + 900,
    },
  });
  expect((await call()).textContent).toBe('Nobody is on call for Web3 Audit. ');
  const table = within(screen.getByRole('table', { name: 'Time without a primary' }));
  expect(table.getAllByText('now until 17 Oct, 14:47 UTC').length).toBeGreaterThan(0);
});

test('a hand-over that came by the clock is shown before the server says so', async () => {
  open();
  await call();
  vi.setSystemTime(NOW + 20 * HOUR_MS);
  document.dispatchEvent(new Event('visibilitychange'));
  await waitFor(() =>
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('Priya Raman is on call for HashInsight'),
  );
});

test('somebody is put on call by the keyboard, for a gap or from now', async () => {
  const view = open({ 'oncall.create': aSlot({ person: { ...noa, state: 'active' } }) });
  await call();
  fireEvent.keyDown(document.body, { key: 'n' });
  const dialog = within(await screen.findByRole('dialog', { name: 'Put somebody on call' }));
  fireEvent.click(dialog.getByRole('button', { name: 'Put on call' }));
  expect(await dialog.findByText('Choose who is on call.')).toBeTruthy();
  fireEvent.click(await dialog.findByRole('button', { name: /Noa Haddad/ }));
  fireEvent.change(dialog.getByLabelText('To'), { target: { value: '2026-10-03T14:50' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Put on call' }));
  expect(await dialog.findByText('Must be at least 15 minutes after the start.')).toBeTruthy();
  fireEvent.change(dialog.getByLabelText('To'), { target: { value: '2026-10-03T20:00' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Put on call' }));
  expect(await screen.findByText('Noa Haddad is on call.')).toBeTruthy();
  expect(made(view, 'oncall.create')).toEqual([
    {
      platform: 'hashinsight',
      role: 'primary',
      userId: 'usr_noa',
      startsAt: Date.UTC(2026, 9, 3, 14, 47),
      endsAt: Date.UTC(2026, 9, 3, 20),
      note: '',
    },
  ]);
  await press(/^Fill: HashInsight, 5 Oct/);
  const filling = within(await screen.findByRole('dialog', { name: 'Put somebody on call' }));
  expect((filling.getByLabelText('From') as HTMLInputElement).value).toBe('2026-10-05T08:47');
});

test('a role that is taken says by whom, beside the field', async () => {
  const message = 'is taken then: Jun Watanabe is primary. Choose another time';
  const taken = Object.assign(refusal('conflict', 'Nothing was stored.'), {});
  Object.assign((taken as unknown as { data: object }).data, { fields: [{ field: 'role', message }] });
  open({ 'oncall.create': taken }, '/oncall?new=1');
  const dialog = within(await screen.findByRole('dialog', { name: 'Put somebody on call' }));
  fireEvent.click(await dialog.findByRole('button', { name: /Noa Haddad/ }));
  fireEvent.click(dialog.getByRole('button', { name: 'Put on call' }));
  expect(await dialog.findByText(/^Is taken then: Jun Watanabe is primary/)).toBeTruthy();
});

test('a slot is handed over to somebody else, from what was read', async () => {
  const view = open({ 'oncall.handOver': priya });
  await call();
  await press(/^Hand over: Jun Watanabe/);
  const dialog = within(await screen.findByRole('dialog', { name: 'Hand over from Jun Watanabe?' }));
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'Swapped shifts' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Hand over' }));
  expect(await dialog.findByText('Choose who takes over.')).toBeTruthy();
  expect(dialog.queryByRole('button', { name: /^Jun Watanabe/ })).toBeNull();
  fireEvent.click(await dialog.findByRole('button', { name: /Noa Haddad/ }));
  fireEvent.click(dialog.getByRole('button', { name: 'Hand over' }));
  expect(await screen.findByText('Noa Haddad takes over for HashInsight.')).toBeTruthy();
  expect(made(view, 'oncall.handOver')).toEqual([
    { id: 'ocs_1', version: 3, userId: 'usr_noa', reason: 'Swapped shifts' },
  ]);
});

test('ending says what it costs, and a conflict is told', async () => {
  const view = open({ 'oncall.end': refusal('conflict', 'Somebody changed this slot meanwhile; look at it again.') });
  await call();
  await press(/^End: Priya Raman/);
  const dialog = within(await screen.findByRole('dialog', { name: 'End the slot of Priya Raman?' }));
  expect(dialog.getByText(/is called off; nobody is primary for HashInsight then/)).toBeTruthy();
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'Not needed' } });
  fireEvent.click(dialog.getByRole('button', { name: 'End slot' }));
  expect(await dialog.findByText(/Somebody changed this slot meanwhile/)).toBeTruthy();
  expect(made(view, 'oncall.end')).toEqual([{ id: 'ocs_2', version: 3, reason: 'Not needed' }]);
});

test('what was called off or ended early is told in the past', async () => {
  const ended = { at: NOW - 2 * HOUR_MS, by: 'Ada Berg', reason: 'Ill' };
  const cut = aSlot({ id: 'ocs_9', state: 'over', startsAt: NOW - 9 * HOUR_MS, endsAt: ended.at, ended });
  const off = aSlot({ id: 'ocs_8', state: 'over', startsAt: NOW - HOUR_MS, endsAt: NOW - HOUR_MS, ended });
  const view = open({ 'oncall.list': { rows: [cut, off], nextCursor: null, asOf: NOW } }, '/oncall?show=past');
  await call();
  expect(screen.getAllByText('Ended early by Ada Berg: Ill')).toBeTruthy();
  expect(screen.getAllByText('Called off by Ada Berg: Ill')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^End:/ })).toBeNull();
  expect(made(view, 'oncall.list')).toContainEqual(expect.objectContaining({ calledOff: true }));
});

test('who only reads is offered no change', async () => {
  const reader = aUser({ grants: [{ platform: '*', permissions: ['platforms:read', 'oncall:read'] }] });
  open({ 'session.get': aSession({ user: reader }) }, '/oncall?new=1');
  await call();
  for (const name of [/^Put/, /^Fill/, /^Hand over/, /^End/]) expect(screen.queryByRole('button', { name })).toBeNull();
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(screen.queryByRole('link', { name: 'Jun Watanabe' })).toBeNull();
});

test('nothing, a refusal and a failure each say so', async () => {
  const empty = open({
    'oncall.now': { platforms: [audit], asOf: NOW },
    'oncall.gaps': { platforms: [], asOf: NOW },
    'oncall.list': { rows: [], nextCursor: null, asOf: NOW },
  });
  expect((await call()).textContent).toBe('Nobody is on call for Web3 Audit. ');
  expect(screen.getByText('Nobody is put on call here yet.')).toBeTruthy();
  empty.unmount();
  const refused = open({ 'session.get': aSession({ user: aUser({ grants: [] }) }) });
  expect((await call()).textContent).toBe('Who is on call is not open to your role.');
  refused.unmount();
  let broken = true;
  open({ 'oncall.now': () => (broken ? refusal('upstream', 'No answer.') : { platforms: [hash], asOf: NOW }) });
  expect((await call()).textContent).toBe('Who is on call did not load.');
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: /Try again/ }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('Jun Watanabe'));
});

test('an answer that could not be renewed stays, and says of when it is', async () => {
  let broken = false;
  open({
    'oncall.now': () => (broken ? refusal('invalid', 'No answer.') : { platforms: [hash], asOf: NOW }),
    'oncall.end': () => {
      broken = true;
      return priya;
    },
  });
  await call();
  await press(/^End: Priya Raman/);
  const dialog = within(await screen.findByRole('dialog', { name: 'End the slot of Priya Raman?' }));
  fireEvent.change(dialog.getByLabelText(/^Reason/), { target: { value: 'Not needed' } });
  fireEvent.click(dialog.getByRole('button', { name: 'End slot' }));
  await waitFor(() =>
    expect(screen.getByRole('heading', { level: 1, hidden: true }).textContent).toMatch(
      /^At 14:47:30 UTC: Jun Watanabe is on call for HashInsight/,
    ),
  );
});
