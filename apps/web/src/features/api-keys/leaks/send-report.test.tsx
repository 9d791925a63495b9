import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession, aUser } from '../../../../test/fixtures.ts';
import { renderApp } from '../../../../test/render-app.tsx';
import { resetServerTime } from '../../../lib/clock.ts';
import './leak-page.tsx';

beforeEach(resetServerTime);
afterEach(() => void vi.unstubAllGlobals());

test('a file goes with its place in the body: an address is kept by proxies, and a place may hold the key', async () => {
  const sent: { path: string; body: Blob }[] = [];
  const report = { id: 'klr_1', source: 'file', place: 'x', leakedAt: null, characters: 9, candidates: 0 };
  const hits = { counts: { found: 0, stopped: 0, working: 0 }, hits: [], hitsCursor: null };
  vi.stubGlobal('fetch', (path: string, init: { body: Blob }) => {
    sent.push({ path, body: init.body });
    return Promise.resolve(
      Response.json({ ...report, ...hits, reportedBy: 'Jun', reportedAt: 0, usageSince: 0 }, { status: 201 }),
    );
  });
  const user = aUser({ grants: [{ platform: '*', permissions: ['api-keys:read', 'api-keys:rotate'] }] });
  renderApp('/keys/leaks', {
    'session.get': aSession({ user }),
    'apiKeys.leaks.list': { rows: [], nextCursor: null },
    'apiKeys.leaks.patterns': { expression: 'hsi', gitleaks: '' },
  });
  const file = new File(['KEY=value'], 'app.log');
  fireEvent.change(await screen.findByLabelText('Or a file'), { target: { files: [file] } });
  const place = 'https://paste.example/?q=hsi_prod_key_0123456789abcdef';
  fireEvent.change(screen.getByLabelText(/Where it was found/), { target: { value: place } });
  fireEvent.click(screen.getByRole('button', { name: 'Search for keys' }));
  await waitFor(() => expect(sent.map(({ path }) => path)).toEqual(['/keys/leaks/file']));
  expect(sent[0]?.body.size).toBe(`${JSON.stringify({ place, leakedAt: null })}\nKEY=value`.length);
});
