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

const nothing = { approve: false, reject: false, cancel: false, execute: false };
const counted = { toApprove: 1, toExecute: 0, isCut: false, open: 1 };
const ownersRule = { permission: 'approvals:decide' as const, approvals: 1, holds: [], ownersOnly: true };
const page = (path: string, over: Answers = {}) =>
  renderApp(path, {
    'session.get': aSession({ user: owner }),
    'approvals.counts': counted,
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
  const asked = () => calls.findLast((made) => made.path === 'approvals.list')?.input;
  await waitFor(() => expect(asked()).toMatchObject({ mine: true }));
  fireEvent.click(screen.getByRole('radio', { name: 'Settled' }));
  await waitFor(() => expect(asked()).toMatchObject({ state: 'settled' }));
  fireEvent.click(screen.getByRole('radio', { name: 'For me' }));
  await waitFor(() => expect(address.current).toBe('/users/approvals'));
  expect(calls.some((made) => made.path === 'approvals.list' && Object(made.input).waiting === true)).toBe(true);
});

test('a request opens with the exact input, the rule it misses and both decisions', async () => {
  page(opened);
  const request = await drawer();
  expect(request.getByText('roles.grant')).toBeTruthy();
  expect(request.getByText('usr_jun')).toBeTruthy();
  expect(request.getByText('1 other owner of all platforms with approvals:decide')).toBeTruthy();
  expect(request.getByText('0 of 1 agreed so far. Nobody counts twice.')).toBeTruthy();
  expect(request.getByText('Nobody decided yet.')).toBeTruthy();
  expect(request.getByText('Open. You can meet it.')).toBeTruthy();
  expect(request.getByText('So can Hana Eriksen.')).toBeTruthy();
});

test('of two rules it says which is open, who met the other, and who else can be asked', async () => {
  const verify = { ...ownersRule, permission: 'audit:verify' as const, ownersOnly: false };
  const half = aRequest({
    rules: [
      { ...ownersRule, metBy: [], missing: 1, byMe: false },
      { ...verify, metBy: [{ id: 'usr_1', name: 'Ines Okafor' }], missing: 0, byMe: false },
    ],
    askable: [
      {
        people: [
          { id: 'usr_hana', name: 'Hana Eriksen' },
          { id: 'usr_mei', name: 'Mei Tan' },
        ],
        more: 3,
      },
      { people: [], more: 0 },
    ],
    may: { ...nothing, reject: true },
  });
  page(opened, { 'approvals.get': half, 'approvals.list': { rows: [half], nextCursor: null } });
  expect(await screen.findAllByText('1 of 2 rules met')).not.toHaveLength(0);
  const request = await drawer();
  expect(request.getByText('Met by Ines Okafor.')).toBeTruthy();
  expect(request.getByText('Open. You hold too little to meet it.')).toBeTruthy();
  expect(request.getByText('Can be met by Hana Eriksen, Mei Tan and 3 more.')).toBeTruthy();
  expect(request.getByText('1 of 2 agreed so far. Nobody counts twice.')).toBeTruthy();
  expect(request.getByRole('button', { name: 'Reject' })).toBeTruthy();
  expect(request.queryByRole('button', { name: 'Approve' })).toBeNull();
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
    may: { ...nothing, cancel: true, execute: true },
    rules: [{ ...ownersRule, metBy: [{ id: 'usr_1', name: 'Ines Okafor' }], missing: 0, byMe: false }],
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
  page('/users/approvals', {
    'approvals.counts': { ...counted, toApprove: 0, open: 0 },
    'approvals.list': { rows: [], nextCursor: null },
  });
  await call('Nothing waits for a second person.');
  expect(screen.getByText('Nothing waits for you.')).toBeTruthy();
});

test('requests that do not load show the id to quote', async () => {
  const failure = refusal('internal', 'The database did not answer.');
  page('/users/approvals', { 'approvals.list': failure, 'approvals.counts': failure });
  await call('The requests for approval did not load.');
  expect(screen.getByText('req req_7f3a91c2')).toBeTruthy();
});

test('who may not read what others ask for reads their own', async () => {
  const own = aRequest({ phase: 'pending', may: { ...nothing, cancel: true } });
  const { calls } = page('/users/approvals?show=open', {
    'session.get': aSession({ user: stakeholder }),
    'approvals.counts': { ...counted, toApprove: 0 },
    'approvals.list': { rows: [own], nextCursor: null },
  });
  await call('1 request of yours waits for a second person.');
  expect(await screen.findByText(/^These are your own requests\./)).toBeTruthy();
  expect(screen.queryByRole('radio', { name: 'Open' })).toBeNull();
  expect(screen.getAllByText(own.summary)).not.toHaveLength(0);
  expect(calls.findLast((made) => made.path === 'approvals.list')?.input).toMatchObject({ mine: true });
});
