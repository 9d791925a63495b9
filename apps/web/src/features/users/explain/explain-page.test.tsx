import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anExplanation } from '../../../../test/access-story.ts';
import { aSession, NOW, stakeholder } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { aRow, owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import './explain-page.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const { user, paths } = anExplanation();
const effective = {
  user,
  grants: paths,
  permissions: [
    { permission: 'slo:exclude', sentence: 'Exclude maintenance from budgets', platforms: ['hashinsight'] },
  ],
};
const page = (path: string, over: Answers = {}) =>
  renderApp(path, {
    'session.get': aSession({ user: owner }),
    'users.list': { rows: [aRow()], nextCursor: null },
    'roles.effective': effective,
    'roles.explain': anExplanation(),
    'approvals.list': { rows: [], nextCursor: null },
    ...over,
  });
const call = (text: string) => screen.findByRole('heading', { level: 1, name: text });
const asked = '/users/why?person=usr_jun&permission=slo%3Aexclude&on=hashinsight';

test('a person is looked up by name and stands in the address', async () => {
  const { address, calls } = page('/users/why');
  await call('Whose rights do you want explained?');
  fireEvent.change(screen.getByLabelText('Person'), { target: { value: 'jun' } });
  fireEvent.click(await screen.findByRole('button', { name: /Jun Watanabe/ }));
  await waitFor(() => expect(address.current).toBe('/users/why?person=usr_jun'));
  expect(calls.find((made) => made.path === 'users.list')?.input).toMatchObject({ text: 'jun' });
});

test('what they may do is listed, and each line asks why', async () => {
  const { address } = page('/users/why?person=usr_jun');
  fireEvent.click(await screen.findByRole('button', { name: /Why: ?Exclude maintenance from budgets/ }));
  await waitFor(() => expect(address.current).toBe(asked));
});

test('yes, with the grant behind it: by whom, why, until when', async () => {
  page(asked);
  await call('Yes. Jun Watanabe is Night desk on hashinsight.');
  const answer = within(screen.getByRole('region', { name: 'Answer' }));
  expect(answer.getByText('Allowed')).toBeTruthy();
  expect(answer.getByRole('link', { name: 'Night desk' }).getAttribute('href')).toBe('/users/roles?role=role_night');
  expect(answer.getByText(/Given by Ines Okafor, 3 Oct: stands in at night/)).toBeTruthy();
  expect(answer.getByText(/until 3 Oct, 19:47 UTC/)).toBeTruthy();
});

test('no, with the roles that would give it and who could', async () => {
  page(asked, {
    'roles.explain': anExplanation({
      allowed: false,
      because: 'No role of Jun Watanabe gives slo:exclude on hashinsight.',
      paths: [],
      rolesThatGive: [{ id: 'operator', title: 'Operator' }],
      couldBeGivenBy: [{ id: 'usr_1', name: 'Ines Okafor', email: 'ines@example.test' }],
    }),
  });
  await call('No. No role of Jun Watanabe gives slo:exclude on hashinsight.');
  const answer = within(screen.getByRole('region', { name: 'Answer' }));
  expect(answer.getByText('Not allowed')).toBeTruthy();
  expect(answer.getByRole('link', { name: 'Operator' })).toBeTruthy();
  expect(answer.getByRole('link', { name: 'Ines Okafor' })).toBeTruthy();
});

test('an explanation that does not load says so with the id to quote', async () => {
  page(asked, { 'roles.explain': refusal('internal', 'The database did not answer.') });
  await call('This could not be explained.');
  expect(screen.getByText('req req_7f3a91c2')).toBeTruthy();
});

test('a role without the right reads who has it', async () => {
  page('/users/why', { 'session.get': aSession({ user: stakeholder }) });
  await call('Why people may do things is not open to your role.');
});
