import type { ClaimView } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOW } from '../../../test/fixtures.ts';
import { ClaimPage } from './claim-page.tsx';

const token = 'k'.repeat(43);
const secret = `hsi_prod_key_${'aB3'.repeat(15)}z`;
const claim: ClaimView = {
  keyId: 'aB3aB3aB',
  keyName: 'Miner ingest',
  recipientName: 'Pat Partner',
  platform: 'hashinsight',
  platformName: 'HashInsight',
  environment: 'prod',
  scopes: [{ scope: 'miners:read', description: 'List and read miners', of: 'platform' }],
  createdBy: 'Mara Lind',
  keyExpiresAt: NOW + 90 * DAY_MS,
  expiresAt: NOW + 3 * DAY_MS,
  overlapDays: 7,
};

let answers: Record<string, unknown>;
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  sent = [];
  answers = { 'apiKeys.claims.look': claim, 'apiKeys.claims.take': { keyId: claim.keyId, text: secret } };
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    const path = url.replace('/trpc/', '');
    sent.push({ path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined });
    const answer = answers[path];
    if (answer instanceof Error) {
      const data = { domainCode: 'precondition', fields: [] };
      return Promise.resolve(Response.json({ error: { message: answer.message, data } }, { status: 412 }));
    }
    return Promise.resolve(Response.json({ result: { data: answer } }));
  });
});
afterEach(() => void vi.useRealTimers());

function open(hash = `#${token}`) {
  render(
    <MemoryRouter initialEntries={[`/claim${hash}`]}>
      <ClaimPage />
    </MemoryRouter>,
  );
  return userEvent.setup({ delay: null });
}

test('a claim says what key it is before it is drawn, and draws nothing by itself', async () => {
  open();
  await screen.findByRole('heading', { level: 1, name: 'Mara Lind made a key for you, Pat Partner.' });
  expect(screen.getByText('Miner ingest')).toBeTruthy();
  expect(screen.getByText('HashInsight, prod')).toBeTruthy();
  expect(screen.getByText('List and read miners')).toBeTruthy();
  expect(sent.map(({ path }) => path)).toEqual(['apiKeys.claims.look']);
});

test('the key is shown once, kept nowhere, and left when it is stored', async () => {
  const user = open();
  await user.click(await screen.findByRole('button', { name: 'Show my key' }));
  expect((await screen.findByTestId('secret')).textContent).toBe(secret);
  expect(sent.at(-1)).toEqual({ path: 'apiKeys.claims.take', body: { token } });
  expect(screen.getByText(/ends .* 20\d\d|ends \d/)).toBeTruthy();
  expect(screen.getByLabelText('How the key is sent').textContent).toContain('$HSI_KEY');
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }, window.location.href])).not.toContain(
    secret.slice(-20),
  );
  const done = screen.getByRole('button', { name: 'Done' });
  expect(done.getAttribute('aria-disabled')).toBe('true');
  await user.click(screen.getByLabelText('I have stored it in a secret manager'));
  await user.click(done);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('The key is yours.');
  expect(document.body.textContent).not.toContain(secret.slice(-20));
});

test('C copies the whole key', async () => {
  const user = open();
  await user.click(await screen.findByRole('button', { name: 'Show my key' }));
  await screen.findByTestId('secret');
  await user.keyboard('c');
  expect(await navigator.clipboard.readText()).toBe(secret);
  expect(await screen.findByText(/^Copied\. Paste it/)).toBeTruthy();
});

test('the key is hidden after 2 min, and what to do then is said', async () => {
  vi.useFakeTimers({ now: NOW, shouldAdvanceTime: true });
  const user = open();
  await user.click(await screen.findByRole('button', { name: 'Show my key' }));
  await screen.findByTestId('secret');
  act(() => void vi.advanceTimersByTime(120_000));
  expect(screen.queryByTestId('secret')).toBeNull();
  expect(screen.getByText(/hidden after 2 min/).textContent).toContain('ask Mara Lind for a new key');
  expect(document.body.textContent).not.toContain(secret.slice(-20));
});

test('a link that is over, before or while it is used, says so', async () => {
  answers['apiKeys.claims.take'] = new Error('This link was used, taken back or has run out.');
  const user = open();
  await user.click(await screen.findByRole('button', { name: 'Show my key' }));
  expect((await screen.findByRole('alert')).textContent).toContain('taken back or has run out');
});

test('a link that lost its end asks for the whole of it', () => {
  open('');
  expect(screen.getByText(/part of its end is missing/)).toBeTruthy();
  expect(sent).toEqual([]);
});
