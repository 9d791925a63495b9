import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aRole, holder, matrix, roles } from '../../../../test/access-story.ts';
import { aSession, NOW, stakeholder } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner, supporter } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import './roles-page.tsx';
import './role-drawer.tsx';
import './new-role-drawer.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const preview = {
  added: ['slo:write'],
  removed: [],
  affected: [holder],
  affectedCount: 1,
  refusal: null,
  needsApproval: false,
};

const answers = (over: Answers = {}): Answers => ({
  'session.get': aSession({ user: owner }),
  'roles.matrix': matrix,
  'roles.list': roles,
  'roles.get': aRole(),
  'roles.holders': { rows: [holder], nextCursor: null },
  'roles.previewChange': preview,
  'approvals.list': { rows: [], nextCursor: null },
  ...over,
});
const page = (path = '/users/roles', over: Answers = {}) => renderApp(path, answers(over));
const call = async (): Promise<string> => (await screen.findByRole('heading', { level: 1 })).textContent ?? '';
const drawer = async (name: string) => within(await screen.findByRole('dialog', { name }));

test('every role is a column with its holders, every permission a row with words', async () => {
  page();
  const row = (await screen.findByText('Archive the audit log and prune what is archived')).closest('tr');
  expect(row?.querySelectorAll('td')).toHaveLength(matrix.roles.length);
  expect(row?.textContent).toContain('with a second approver');
  const column = screen.getByText('Night desk').closest('th');
  expect(column?.textContent).toBe('Night desk1 holder, made here');
  expect(await call()).toBe('8 roles, 1 made here. 2 people are owners, and nobody holds 1 of them.');
});

test('a filter narrows the permissions and stands in the address', async () => {
  const { address } = page();
  fireEvent.change(await screen.findByLabelText('Filter permissions'), { target: { value: 'prune' } });
  await waitFor(() => expect(address.current).toBe('/users/roles?text=prune'));
  expect(screen.queryByText('See people and their grants')).toBeNull();
  fireEvent.change(screen.getByLabelText('Filter permissions'), { target: { value: 'zzz' } });
  expect(await screen.findByText('No permission fits.')).toBeTruthy();
});

test('keys move between roles and open one', async () => {
  const { address } = page();
  await screen.findByRole('table');
  fireEvent.keyDown(document.body, { key: 'j', code: 'KeyJ' });
  await waitFor(() => expect(address.current).toBe('/users/roles?at=owner'));
  fireEvent.keyDown(document.body, { key: 'Enter', code: 'Enter' });
  await waitFor(() => expect(address.current).toContain('role=owner'));
});

test('a role shows what it gives and who holds it; while held it cannot be archived', async () => {
  page('/users/roles?role=role_night');
  const role = await drawer('Night desk');
  expect(role.getByText('Exclude maintenance from budgets')).toBeTruthy();
  expect((await role.findByRole('link', { name: 'Jun Watanabe' })).getAttribute('href')).toBe('/users/usr_jun');
  expect(role.getByRole('button', { name: 'Archive role' }).getAttribute('aria-disabled')).toBe('true');
});

test('built-in roles are cloned, never changed', async () => {
  const { address } = page('/users/roles?role=operator', {
    'roles.get': aRole({ ...roles.find((role) => role.id === 'operator'), may: { edit: false, archive: false } }),
  });
  const role = await drawer('Operator');
  expect(role.getByRole('button', { name: 'Change role' }).getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(role.getByRole('button', { name: 'Clone role' }));
  await waitFor(() => expect(address.current).toContain('new=operator'));
});

test('a clone is named, shown against its base, and made', async () => {
  const { calls, address } = page('/users/roles?new=operator', {
    'roles.create': aRole({ id: 'role_new', title: 'Relief' }),
  });
  const form = await drawer('New role');
  fireEvent.click(await form.findByRole('button', { name: 'Make role' }));
  expect(calls.some((made) => made.path === 'roles.create')).toBe(false);
  fireEvent.change(form.getByLabelText('Title'), { target: { value: 'Relief' } });
  fireEvent.click(form.getByRole('checkbox', { name: /Record deploys/ }));
  expect(form.getByText('This removes 1 permission.')).toBeTruthy();
  fireEvent.change(form.getByLabelText('Reason, kept in the audit log'), { target: { value: 'for the summer' } });
  fireEvent.click(form.getByRole('button', { name: 'Make role' }));
  await waitFor(() => expect(address.current).toContain('role=role_new'));
  expect(calls.find((made) => made.path === 'roles.create')?.input).toMatchObject({
    title: 'Relief',
    base: 'operator',
    reason: 'for the summer',
    permissions: expect.not.arrayContaining(['changes:write']),
  });
});

test('what the reader lacks can be neither given nor taken', async () => {
  const writer = {
    ...supporter,
    grants: [{ platform: '*', permissions: ['roles:read', 'roles:write', 'slo:read'] as const }],
  };
  page('/users/roles?new=operator', {
    'session.get': aSession({
      user: { ...supporter, grants: writer.grants.map((g) => ({ ...g, permissions: [...g.permissions] })) },
    }),
  });
  const form = await drawer('New role');
  const lacked = await form.findByRole('checkbox', { name: /Record deploys/ });
  expect((lacked as HTMLInputElement).disabled).toBe(true);
  expect(form.getByText('changes:write: you do not hold it, so you can neither give nor take it')).toBeTruthy();
});

test('a change shows whom it touches before it is saved', async () => {
  const { calls } = page('/users/roles?role=role_night&edit=1', { 'roles.update': { role: aRole(), approval: null } });
  const form = await drawer('Change Night desk');
  fireEvent.click(await form.findByRole('checkbox', { name: /Create and change objectives/ }));
  expect(await form.findByText('1 person is affected')).toBeTruthy();
  expect(form.getByText('This adds 1 permission.')).toBeTruthy();
  fireEvent.change(form.getByLabelText('Reason, kept in the audit log'), { target: { value: 'they tune now' } });
  fireEvent.click(form.getByRole('button', { name: 'Save role' }));
  await waitFor(() =>
    expect(calls.find((made) => made.path === 'roles.update')?.input).toMatchObject({ id: 'role_night', version: 3 }),
  );
});

test('a change that needs a second person says so and links to the approvals', async () => {
  const approval = {
    id: 'apr_x',
    summary: 'Change Night desk',
    phase: 'pending',
    expiresAt: NOW + 86_400_000,
    coolsOffAt: null,
  };
  page('/users/roles?role=role_night&edit=1', { 'roles.update': { role: null, approval } });
  const form = await drawer('Change Night desk');
  fireEvent.change(form.getByLabelText('Reason, kept in the audit log'), { target: { value: 'they tune now' } });
  fireEvent.click(form.getByRole('button', { name: 'Save role' }));
  expect((await form.findByRole('link', { name: 'Open approvals' })).getAttribute('href')).toBe('/users/approvals');
});

test('a change of somebody else meanwhile loses nothing that was written', async () => {
  let version = 3;
  page('/users/roles?role=role_night&edit=1', {
    'roles.get': () => aRole({ version, permissions: version === 3 ? ['slo:read', 'slo:exclude'] : ['slo:read'] }),
    'roles.update': () => {
      version = 4;
      return refusal('conflict', 'Somebody changed the role.');
    },
  });
  const form = await drawer('Change Night desk');
  fireEvent.change(form.getByLabelText('Title'), { target: { value: 'Dawn desk' } });
  fireEvent.change(form.getByLabelText('Reason, kept in the audit log'), { target: { value: 'a better name' } });
  fireEvent.click(form.getByRole('button', { name: 'Save role' }));
  expect(await form.findByText('Somebody changed this role meanwhile.')).toBeTruthy();
  expect((form.getByLabelText('Title') as HTMLInputElement).value).toBe('Dawn desk');
  fireEvent.click(form.getByRole('button', { name: 'Keep mine' }));
  await waitFor(() => expect(form.queryByText('Somebody changed this role meanwhile.')).toBeNull());
});

test('a matrix that does not load says so with the id to quote', async () => {
  page('/users/roles', { 'roles.matrix': refusal('internal', 'The database did not answer.') });
  expect(await screen.findByText('The matrix of roles did not load.')).toBeTruthy();
  expect(screen.getByText('req req_7f3a91c2')).toBeTruthy();
  expect(await call()).toBe('The roles did not load.');
});

test('a role without the right reads who has it', async () => {
  page('/users/roles', { 'session.get': aSession({ user: stakeholder }) });
  expect(await call()).toBe('Roles are not open to your role.');
});
