import { MINUTE_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aRequest } from '../../../../test/access-story.ts';
import { aSession, NOW, stakeholder } from '../../../../test/fixtures.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import './approvals-page.tsx';
import './request-drawer.tsx';
import './waiting-count.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const nothing = { decide: false, cancel: false, execute: false };
const page = (path: string, over: Answers = {}) =>
  renderApp(path, {
    'session.get': aSession({ user: owner }),
    'approvals.list': { rows: [aRequest()], nextCursor: null },
    'approvals.get': aRequest(),
    ...over,
  });
const call = (text: string) => screen.findByRole('heading', { level: 1, name: text });
const drawer = async () => within(await screen.findByRole('dialog', { name: aRequest().summary }));
const opened = '/users/approvals?request=apr_owner1';

test('what waits for the reader is said, counted in the rail and listed with its clock', async () => {
  page('/users/approvals');
  await call('1 request waits for your approval. 1 open in all.');
  expect(await screen.findByRole('link', { name: /Users and roles.*1 request waits for your approval/ })).toBeTruthy();
  const table = within(await screen.findByRole('table', { name: 'Requests for approval, newest first' }));
  expect(table.getAllByText('Lapses in 23 h 40 min')).not.toHaveLength(0);
});

test('each choice asks its own question and stands in the address', async () => {
  const { address, calls } = page('/users/approvals');
  fireEvent.click(await screen.findByRole('radio', { name: 'Mine' }));
  await waitFor(() => expect(address.current).toBe('/users/approvals?show=mine'));
  await waitFor(() => expect(calls.at(-1)?.input).toMatchObject({ mine: true }));
  fireEvent.click(screen.getByRole('radio', { name: 'Settled' }));
  await waitFor(() => expect(calls.at(-1)?.input).toMatchObject({ state: 'settled' }));
});

test('a request opens with the exact input, the rule it misses and both decisions', async () => {
  page(opened);
  const request = await drawer();
  expect(request.getByText('roles.grant')).toBeTruthy();
  expect(request.getByText('usr_jun')).toBeTruthy();
  expect(request.getByText('1 other owner of all platforms with approvals:decide')).toBeTruthy();
  expect(request.getByText('0 of 1 agreed so far. Nobody counts twice.')).toBeTruthy();
  expect(request.getByText('Nobody decided yet.')).toBeTruthy();
});

test('approving asks for a reason and sends it', async () => {
  const { calls } = page(opened, { 'approvals.decide': aRequest({ phase: 'ready' }) });
  fireEvent.click((await drawer()).getByRole('button', { name: 'Approve' }));
  const asks = within(await screen.findByRole('dialog', { name: 'Approve this request?' }));
  fireEvent.click(asks.getByRole('button', { name: 'Approve' }));
  expect(await asks.findByText('Say why, in 3 to 500 characters.')).toBeTruthy();
  fireEvent.change(asks.getByLabelText('Reason, kept in the audit log'), { target: { value: 'I know them' } });
  fireEvent.click(asks.getByRole('button', { name: 'Approve' }));
  await waitFor(() =>
    expect(calls.find((made) => made.path === 'approvals.decide')?.input).toEqual({
      id: 'apr_owner1',
      decision: 'approve',
      reason: 'I know them',
    }),
  );
});

test('a decision that is refused keeps the reason and says why', async () => {
  page(opened, { 'approvals.decide': refusal('conflict', 'This request is rejected already.') });
  fireEvent.click((await drawer()).getByRole('button', { name: 'Reject' }));
  const asks = within(await screen.findByRole('dialog', { name: 'Reject this request?' }));
  fireEvent.change(asks.getByLabelText('Reason, kept in the audit log'), { target: { value: 'not now' } });
  fireEvent.click(asks.getByRole('button', { name: 'Reject' }));
  expect(await asks.findByText(/This request is rejected already\./)).toBeTruthy();
  expect((asks.getByLabelText('Reason, kept in the audit log') as HTMLInputElement).value).toBe('not now');
});

test('who asked carries it out, against the clock of the approval', async () => {
  const ready = aRequest({
    phase: 'ready',
    approvedAt: NOW - 2 * MINUTE_MS,
    executeBefore: NOW + 28 * MINUTE_MS,
    votes: [
      { by: { id: 'usr_1', name: 'Ines Okafor' }, decision: 'approve', reason: 'I know them', at: NOW - 2 * MINUTE_MS },
    ],
    may: { decide: false, cancel: true, execute: true },
  });
  const { calls } = page(opened, { 'approvals.get': ready, 'approvals.execute': { result: { ok: true } } });
  const request = await drawer();
  expect(request.getByText(/Carry out within 28 min/)).toBeTruthy();
  expect(request.getByText('Everybody it takes agreed.')).toBeTruthy();
  expect(request.getByText('by Ines Okafor')).toBeTruthy();
  fireEvent.click(request.getByRole('button', { name: 'Carry out' }));
  const asks = within(await screen.findByRole('dialog', { name: 'Carry it out now?' }));
  fireEvent.click(asks.getByRole('button', { name: 'Carry out' }));
  await waitFor(() => expect(calls.some((made) => made.path === 'approvals.execute')).toBe(true));
});

test('where nobody else could agree, the wait is shown', async () => {
  const cooling = aRequest({ phase: 'cooling', coolsOffAt: NOW + 12 * MINUTE_MS, may: { ...nothing, cancel: true } });
  page(opened, { 'approvals.get': cooling });
  const request = await drawer();
  expect(request.getByText(/Can be carried out in 12 min/)).toBeTruthy();
  expect(request.getByText(/Nobody else could agree to it/)).toBeTruthy();
});

test('a settled request says what came of it, and offers nothing', async () => {
  const failed = aRequest({ phase: 'failed', settledAt: NOW, outcome: 'Jun Watanabe has left.', may: nothing });
  page(opened, { 'approvals.get': failed });
  const request = await drawer();
  expect(request.getByText('Jun Watanabe has left.')).toBeTruthy();
  expect(request.getByText('It is settled; nothing more comes of it.')).toBeTruthy();
  expect(request.queryByRole('button', { name: 'Approve' })).toBeNull();
});

test('an empty list and one that does not load say so', async () => {
  page('/users/approvals', { 'approvals.list': { rows: [], nextCursor: null } });
  await call('Nothing waits for a second person.');
  expect(screen.getByText('Nothing waits for you.')).toBeTruthy();
});

test('requests that do not load show the id to quote', async () => {
  page('/users/approvals', { 'approvals.list': refusal('internal', 'The database did not answer.') });
  await call('The requests for approval did not load.');
  expect(screen.getByText('req req_7f3a91c2')).toBeTruthy();
});

test('a role without the right reads who has it', async () => {
  page('/users/approvals', { 'session.get': aSession({ user: stakeholder }) });
  await call('Requests for approval are not open to your role.');
});
