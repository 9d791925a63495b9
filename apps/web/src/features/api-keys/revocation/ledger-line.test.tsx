import type { LedgerView } from '@qd/shared/api-keys/ending';
import { screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';
import { ledgerWords } from './ledger-words.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const view: LedgerView = {
  ended: 12,
  unwritten: null,
  failingSince: null,
  lacked: null,
  revived: null,
  isBesideDatabase: false,
  comparedAt: NOW - 20_000,
  asOf: NOW,
};
const ago = (keys: number, ms: number) => ({ keys, at: NOW - ms });
const HOUR = 3_600_000;

test.each([
  [view, 'ok', '12 ended keys in the ledger, compared 20 s ago.'],
  [{ ...view, comparedAt: null }, 'stale', 'The ledger was not compared with the tables yet.'],
  [
    { ...view, unwritten: ago(1, HOUR), failingSince: NOW - HOUR },
    'crit',
    '1 ended key not in the ledger yet: it fails since 1 h ago.',
  ],
  [{ ...view, failingSince: NOW - HOUR }, 'crit', 'The ledger can be neither compared nor added to, since 1 h ago.'],
  [
    { ...view, lacked: ago(3, HOUR) },
    'warn',
    '3 ended keys had gone from the ledger and were added again 1 h ago: it was cut short, replaced, or is new.',
  ],
  [{ ...view, revived: ago(2, HOUR) }, 'warn', 'A restored database had brought back 2 ended keys, stopped 1 h ago.'],
  [
    { ...view, lacked: ago(3, 25 * HOUR), revived: ago(2, 25 * HOUR) },
    'ok',
    '12 ended keys in the ledger, compared 20 s ago.',
  ],
] as const)('says how the ledger fares: %#', (state, tone, text) => {
  expect(ledgerWords(state, NOW)).toEqual({ tone, text });
});

const open = (answer: unknown) =>
  renderApp('/keys', { ...keys, 'session.get': aSession({ user: owner }), 'apiKeys.ledger': answer });

test('the page of keys shows it, and that one restore takes back both where it lies beside the database', async () => {
  open({ ...view, isBesideDatabase: true });
  const line = within(await screen.findByRole('region', { name: 'Ledger of ended keys' }));
  expect(line.getByText('12 ended keys in the ledger, compared 20 s ago.')).toBeTruthy();
  expect(line.getByText(/set QD_AUDIT_DIR to another disk/)).toBeTruthy();
});

test('a read that fails is said', async () => {
  open(() => refusal('upstream', 'No database.'));
  expect(await screen.findByText('The ledger of ended keys did not load.')).toBeTruthy();
});
