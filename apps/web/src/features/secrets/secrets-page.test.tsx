import type { SecretView } from '@qd/shared/secrets';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser, NOW } from '../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../test/render-app.tsx';
import { resetServerTime } from '../../lib/clock.ts';
import './secrets-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

function aSecret(over: Partial<SecretView> = {}): SecretView {
  return {
    id: 'sec_1',
    platform: 'stellarescrow',
    name: 'ADMIN_KEYS',
    description: 'The line of keys for administration.',
    ownerId: null,
    owner: 'Adaeze Bello',
    procedure: 'As for API_KEYS.',
    procedureUrl: 'https://wiki.example/admin-keys',
    cadence: 'quarterly',
    everyDays: null,
    lastRotatedAt: NOW - 94 * DAY_MS,
    nextDueAt: NOW - 2 * DAY_MS,
    state: 'overdue',
    isDemo: false,
    createdAt: NOW - 200 * DAY_MS,
    updatedAt: NOW - 100 * DAY_MS,
    archivedAt: null,
    ...over,
  };
}

const redis = aSecret({
  id: 'sec_2',
  name: 'REDIS_PASSWORD',
  cadence: 'yearly',
  nextDueAt: NOW + 10 * DAY_MS,
  state: 'due_soon',
});
const nobody = aSecret({
  id: 'sec_3',
  name: 'SMTP_PASSWORD',
  lastRotatedAt: null,
  nextDueAt: null,
  state: 'never',
  owner: '',
});
const counts = { ok: 0, due_soon: 1, overdue: 1, never: 1, manual: 0 };
const list = (rows: SecretView[]) => ({ rows, nextCursor: null, counts, asOf: NOW });
const keeper = aUser({
  grants: [{ platform: '*', permissions: ['platforms:read', 'secrets:read', 'secrets:write', 'api-keys:read'] }],
});
const history = {
  id: 'srt_1',
  rotatedAt: NOW - 94 * DAY_MS,
  evidence: 'Ticket OPS-480',
  evidenceUrl: null,
  recordedBy: 'Jun Watanabe',
  recordedAt: NOW - 94 * DAY_MS,
};
const answers: Answers = {
  'session.get': aSession({ user: keeper }),
  'secrets.list': list([aSecret(), redis, nobody]),
  'secrets.get': { secret: aSecret(), history: { rows: [history], nextCursor: null }, asOf: NOW },
};
const call = () => screen.findByRole('heading', { level: 1 });
const open = (path = '/keys/secrets', over: Answers = {}) => renderApp(path, { ...answers, ...over });

test('what is overdue comes first, then what is due and what nobody knows', async () => {
  open();
  expect((await call()).textContent).toBe(
    'ADMIN_KEYS of StellarEscrow is 2 d overdue. 1 secret is due within 14 d. When 1 secret was rotated is not known. ',
  );
  const table = screen.getByRole('table', { name: 'Secrets and when they are due' });
  for (const words of ['Overdue by 2 d', 'Due in 10 d', 'Not known', 'each quarter, Adaeze Bello', '94 d ago']) {
    expect(within(table).getAllByText(words).length).toBeGreaterThan(0);
  }
  expect(screen.getByText('The console never holds their values')).toBeTruthy();
});

test('the row opens with its history, and the keyboard does as well', async () => {
  open();
  await call();
  fireEvent.keyDown(document.body, { key: 'Enter' });
  const drawer = await screen.findByRole('dialog', { name: 'ADMIN_KEYS' });
  expect(await within(drawer).findByText('Ticket OPS-480')).toBeTruthy();
  const link = within(drawer).getByRole('link', { name: 'https://wiki.example/admin-keys' });
  expect(link.getAttribute('rel')).toBe('noreferrer noopener');
});

test('a rotation is recorded with what shows it, and not without', async () => {
  const recorded = vi.fn((_input: unknown) => aSecret({ state: 'ok' }));
  open('/keys/secrets?row=sec_1', { 'secrets.recordRotation': recorded });
  fireEvent.click(await screen.findByRole('button', { name: 'Record rotation' }));
  const dialog = await screen.findByRole('dialog', { name: 'Record rotation of ADMIN_KEYS' });
  const send = within(dialog).getByRole('button', { name: 'Record rotation' });
  fireEvent.click(send);
  expect(await within(dialog).findByText('Say what shows the rotation, in at least 3 characters.')).toBeTruthy();
  const evidence = within(dialog).getByLabelText('What shows it');
  fireEvent.change(evidence, { target: { value: 'q7Zp0Lw2Xv9Rk3TnB5' } });
  expect(await within(dialog).findByText(/Looks like a secret itself/)).toBeTruthy();
  expect(recorded).not.toHaveBeenCalled();
  fireEvent.change(evidence, { target: { value: 'Ticket OPS-512' } });
  fireEvent.click(send);
  await screen.findByText('The rotation is recorded.');
  expect(recorded).toHaveBeenCalledWith({
    id: 'sec_1',
    rotatedAt: Date.UTC(2026, 9, 3, 14, 47),
    evidence: 'Ticket OPS-512',
    evidenceUrl: null,
  });
});

test('a change is made from what was read, and a conflict is told', async () => {
  const update = vi.fn((_input: unknown) =>
    refusal('conflict', 'Somebody changed this secret meanwhile; look at it again, then save.'),
  );
  open('/keys/secrets?row=sec_1', { 'secrets.update': update });
  fireEvent.click(await screen.findByRole('button', { name: 'Change' }));
  const form = await screen.findByRole('form', { name: 'Save secret' });
  fireEvent.change(within(form).getByLabelText('Due'), { target: { value: 'days' } });
  fireEvent.change(within(form).getByLabelText('Days between rotations'), { target: { value: '30' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save secret' }));
  expect(await screen.findByText(/Somebody changed this secret meanwhile/)).toBeTruthy();
  expect(update.mock.calls[0]?.[0]).toMatchObject({
    id: 'sec_1',
    seenAt: NOW - 100 * DAY_MS,
    cadence: 'days',
    everyDays: 30,
    ownerName: 'Adaeze Bello',
  });
});

test('the schedule of the manual is offered where the register lacks it', async () => {
  const add = vi.fn((_input: unknown) => ({ added: 4 }));
  open('/keys/secrets', { 'secrets.addSchedule': add });
  await call();
  fireEvent.click(screen.getByRole('button', { name: 'Add the schedule of the manual' }));
  await waitFor(() => expect(add).toHaveBeenCalledWith({ platform: 'stellarescrow' }));
  expect(await screen.findByText('StellarEscrow, 4 secrets')).toBeTruthy();
});

test('the register is taken elsewhere as a file, as it is filtered; a refusal is said', async () => {
  const answer = vi.fn<typeof fetch>(async () => new Response('Id', { status: 200 }));
  vi.stubGlobal('fetch', answer);
  Object.assign(URL, { createObjectURL: () => 'blob:file', revokeObjectURL: () => undefined });
  const press = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
  open('/keys/secrets?platform=stellarescrow&show=due');
  await call();
  const button = screen.getByRole('button', { name: 'CSV: download the register of secrets' });
  fireEvent.click(button);
  await waitFor(() => expect(press).toHaveBeenCalledTimes(1));
  expect(answer.mock.calls[0]?.[0]).toBe('/keys/secrets/export?platform=stellarescrow&show=due');
  answer.mockResolvedValue(Response.json({ detail: 'The database does not answer.' }, { status: 503 }));
  fireEvent.click(button);
  expect((await screen.findByRole('alert')).textContent).toMatch(/^Nothing was downloaded\./);
  press.mockRestore();
  vi.unstubAllGlobals();
});

test('who only reads is offered no change', async () => {
  const reader = aUser({ grants: [{ platform: '*', permissions: ['platforms:read', 'secrets:read'] }] });
  open('/keys/secrets?row=sec_1', { 'session.get': aSession({ user: reader }) });
  await screen.findByRole('dialog', { name: 'ADMIN_KEYS' });
  for (const name of ['Record rotation', 'Change', 'Archive', /Add secret/, 'Add the schedule of the manual']) {
    expect(screen.queryByRole('button', { name, hidden: true })).toBeNull();
  }
});

test('nothing, a refusal and a failure each say what to do', async () => {
  const none = { ok: 0, due_soon: 0, overdue: 0, never: 0, manual: 0 };
  const empty = open('/keys/secrets', { 'secrets.list': { ...list([]), counts: none } });
  expect((await call()).textContent).toBe('No secret is in the register yet. ');
  empty.unmount();
  const refused = open('/keys/secrets', {
    'secrets.list': refusal('forbidden', 'This needs the permission secrets:read.'),
  });
  expect((await call()).textContent).toBe('The register of secrets is not open to you.');
  refused.unmount();
  let broken = true;
  open('/keys/secrets', {
    'secrets.list': () => (broken ? refusal('upstream', 'The store does not answer.') : list([aSecret()])),
  });
  expect((await call()).textContent).toBe('The register of secrets did not load.');
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: /Try again/ }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('ADMIN_KEYS'));
});
