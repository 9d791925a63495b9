import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAuditRow, aSession, aUser, NOW } from '../../../../test/fixtures.ts';
import { refusal, renderApp } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './keeping-drawer.tsx';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const checkpoint = {
  seq: 1_204,
  hash: 'c0ffee'.repeat(10) + 'beef',
  keyId: 'a1b2c3d4',
  createdAt: NOW - 40_000,
  writtenAt: NOW - 39_000,
};
const segment = {
  fromSeq: 1,
  toSeq: 1_000,
  hash: 'ab'.repeat(32),
  place: 'audit-000000000001-000000001000.jsonl.gz',
  sha256: 'cd'.repeat(32),
  rowCount: 1_000,
  createdAt: NOW - 86_400_000,
  verifiedAt: NOW - 86_400_000,
  prunedAt: null,
};
const keeper = { nextCursor: null, publicKey: 'quarterdeck+a1b2c3d4+Akey', place: '/var/lib/quarterdeck/audit' };
const answers = {
  'audit.list': { rows: [anAuditRow()], nextCursor: null },
  'audit.checkpoints': { rows: [checkpoint], ...keeper },
  'audit.segments': { rows: [segment], nextCursor: null },
};

function as(...permissions: Parameters<typeof grantsOf>) {
  return { ...answers, 'session.get': aSession({ user: aUser({ grants: grantsOf(...permissions) }) }) };
}
function grantsOf(...permissions: ('audit:verify' | 'audit:retention')[]) {
  return [{ platform: '*', permissions: ['platforms:read' as const, 'audit:read' as const, ...permissions] }];
}

test('the last checkpoint stands on the page, with its age and key', async () => {
  renderApp('/audit', as('audit:verify'));
  const line = await screen.findByText(/^Signed up to row/);
  expect(line.textContent).toBe('Signed up to row 1,204, 40 s ago, with key a1b2c3d4');
});

test('the drawer has the key to copy, the checkpoints and the archives, and no acts for an auditor', async () => {
  const { address } = renderApp('/audit', as('audit:verify'));
  fireEvent.click(await screen.findByRole('button', { name: 'Checkpoints and archives' }));
  const drawer = within(await screen.findByRole('dialog'));
  expect(await drawer.findByText(keeper.publicKey)).toBeTruthy();
  expect(drawer.getByRole('button', { name: 'Copy key' })).toBeTruthy();
  expect(drawer.getByRole('row', { name: /1,204.*c0ffeec0ffee.*Yes/ })).toBeTruthy();
  expect((await drawer.findByRole('row', { name: /1 to 1,000/ })).textContent).toContain('Yes');
  expect(drawer.queryByRole('button', { name: 'Archive' })).toBeNull();
  expect(address.current).toBe('/audit?keeping=1');
});

test('before the first checkpoint that is said, and there is no key', async () => {
  renderApp('/audit?keeping=1', {
    ...as('audit:verify'),
    'audit.checkpoints': { rows: [], ...keeper, publicKey: null },
    'audit.segments': { rows: [], nextCursor: null },
  });
  expect(await screen.findByText(/Nothing is signed yet; the first checkpoint/)).toBeTruthy();
  expect(await screen.findByText('There is no key before the first checkpoint.')).toBeTruthy();
  expect(await screen.findByText(/the database holds the whole log/)).toBeTruthy();
});

test('an owner archives old rows; what stands against it is said', async () => {
  let answer: unknown = refusal('precondition', 'There is nothing to archive.');
  const { calls } = renderApp('/audit?keeping=1', {
    ...as('audit:verify', 'audit:retention'),
    'audit.archive': () => answer,
  });
  fireEvent.change(await screen.findByLabelText('Archive rows before'), { target: { value: '2026-10-01' } });
  fireEvent.click(screen.getByRole('button', { name: 'Archive' }));
  expect((await screen.findByRole('alert')).textContent).toContain('There is nothing to archive.');
  expect(calls.find((made) => made.path === 'audit.archive')?.input).toEqual({ before: Date.UTC(2026, 9, 1) });
  answer = { segments: [segment], rows: 1_000 };
  fireEvent.click(screen.getByRole('button', { name: 'Archive' }));
  expect(await screen.findByText('1,000 rows archived and read back.')).toBeTruthy();
});

test('removing rows waits for somebody else, and says so', async () => {
  const approval = { id: 'apr_1', summary: 'x', phase: 'pending', expiresAt: NOW + 86_400_000, coolsOffAt: null };
  const { calls } = renderApp('/audit?keeping=1', {
    ...as('audit:verify', 'audit:retention'),
    'audit.prune': { approval, rows: 0 },
  });
  fireEvent.change(await screen.findByLabelText(/^Reason/), { target: { value: 'kept for a year' } });
  fireEvent.click(screen.getByRole('button', { name: 'Remove rows' }));
  expect(await screen.findByText('Nothing has changed yet.')).toBeTruthy();
  await waitFor(() =>
    expect(calls.find((made) => made.path === 'audit.prune')?.input).toEqual({
      before: Date.UTC(2026, 6, 5),
      reason: 'kept for a year',
    }),
  );
});

test('who may not verify sees none of it', async () => {
  renderApp('/audit', as());
  await screen.findByRole('table', { name: /^Audit log/ });
  expect(screen.queryByRole('button', { name: 'Checkpoints and archives' })).toBeNull();
});
