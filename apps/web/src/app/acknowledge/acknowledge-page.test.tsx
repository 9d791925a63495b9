import type { AcknowledgementView } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOW } from '../../../test/fixtures.ts';
import { resetServerTime } from '../../lib/clock.ts';
import { AcknowledgePage } from './acknowledge-page.tsx';

const token = 'k'.repeat(43);
const notice: AcknowledgementView = {
  keyName: 'Miner ingest',
  shown: 'hsi_prod_key_m1n2e3r4…',
  platformName: 'HashInsight',
  environment: 'prod',
  consumer: 'edge-gw-2',
  endsAt: NOW + 6 * DAY_MS,
  acknowledgedAt: null,
  isRotated: true,
};

let answers: Record<string, unknown>;
let sent: { path: string; body: unknown }[];

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  sent = [];
  answers = {};
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    const path = url.replace('/trpc/apiKeys.rotation.acknowledgement.', '');
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

function show(path: string): void {
  render(
    <MemoryRouter initialEntries={[path]}>
      <Routes>
        <Route path="/acknowledge" element={<AcknowledgePage />} />
      </Routes>
    </MemoryRouter>,
  );
}

test('which key ends when is said, and one press says that it is known', async () => {
  answers = { look: notice, confirm: { ...notice, acknowledgedAt: NOW } };
  show(`/acknowledge#${token}`);
  expect(await screen.findByRole('heading', { level: 1, name: /^The API key Miner ingest ends / })).toBeTruthy();
  expect(screen.getByText('HashInsight, prod')).toBeTruthy();
  expect(screen.getByText(/It has a successor\. Move to that before the old key ends/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'I know, and will move' }));
  expect(await screen.findByText(/^Thank you\. Whoever runs the platform sees that you know/)).toBeTruthy();
  expect(sent).toEqual([
    { path: 'look', body: { token } },
    { path: 'confirm', body: { token } },
  ]);
});

test('an end that is past, and a key without a successor, are said so', async () => {
  answers = { look: { ...notice, endsAt: NOW - DAY_MS, isRotated: false, acknowledgedAt: NOW - DAY_MS } };
  show(`/acknowledge#${token}`);
  expect(await screen.findByRole('heading', { level: 1, name: /^The API key Miner ingest ended / })).toBeTruthy();
  expect(screen.getByText(/No successor has been made yet/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /I know/ })).toBeNull();
});

test('an unknown link, and one that lost its end, say so', async () => {
  answers = { look: new Error('This link is not known here, or no longer good.') };
  show(`/acknowledge#${token}`);
  expect(await screen.findByRole('heading', { name: 'This link does not work any more.' })).toBeTruthy();
  show('/acknowledge');
  expect(screen.getByText(/part of its end is missing/)).toBeTruthy();
});
