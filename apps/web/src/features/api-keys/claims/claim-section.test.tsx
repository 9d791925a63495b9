import type { ClaimStanding } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aSession } from '../../../../test/fixtures.ts';
import { keys, NOW } from '../../../../test/keys-story.ts';
import { refusal, renderApp, type Answers } from '../../../../test/render-app.tsx';
import { owner } from '../../../../test/users-story.ts';
import { resetServerTime } from '../../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const waiting: ClaimStanding = {
  state: 'waiting',
  recipientName: 'Pat',
  recipientEmail: 'pat@partner.example',
  createdAt: NOW - DAY_MS,
  expiresAt: NOW + 2 * DAY_MS,
  claimedAt: null,
  canChange: true,
  way: 'mailed',
};
const link = {
  recipientName: 'Pat',
  recipientEmail: 'pat@partner.example',
  path: '/claim#' + 'k'.repeat(43),
  expiresAt: NOW + 3 * DAY_MS,
};

async function open(claim: Partial<ClaimStanding>, answers: Answers = {}) {
  const shown = renderApp('/keys/a1b2c3d4', {
    ...keys,
    'session.get': aSession({ user: owner }),
    'apiKeys.claims.get': { ...waiting, ...claim },
    'apiKeys.claims.resend': link,
    'apiKeys.claims.cancel': {},
    ...answers,
  });
  const section = within(await screen.findByRole('region', { name: 'Claim link' }));
  const asked = (path: string) => shown.calls.filter((call) => call.path === path).map(({ input }) => input);
  return { ...shown, section, asked };
}

test.each<[Partial<ClaimStanding>, RegExp]>([
  [{}, /^Waits for Pat, pat@partner\.example, until 5 Oct.*Until then the key has no secret\.$/],
  [{ state: 'claimed', claimedAt: NOW, canChange: false }, /^Drawn by the link sent to Pat, pat@partner\.example, /],
  [{ state: 'cancelled' }, /^The link to Pat, pat@partner\.example was taken back\. The key has no secret\.$/],
  [{ state: 'lapsed' }, /^The link to Pat, pat@partner\.example ran out unused\. The key has no secret\.$/],
])('where the link stands is said: %j', async (claim, words) => {
  const { section } = await open(claim);
  expect(section.getByText(words)).toBeTruthy();
  const acts = claim.canChange === false ? [] : ['Make a new link', 'Take the link back'];
  expect(section.queryAllByRole('button').map((button) => button.textContent)).toEqual(acts);
});

test('a new link that is not mailed is announced, then shown this once', async () => {
  const { section, asked } = await open({ way: 'shown' });
  expect(section.getByText(/^No mail goes to them from here: a new link is shown to you once/)).toBeTruthy();
  fireEvent.click(section.getByRole('button', { name: 'Make a new link' }));
  expect(await section.findByText(/\/claim#k{43}$/)).toBeTruthy();
  expect(asked('apiKeys.claims.resend')).toEqual([{ keyId: 'a1b2c3d4' }]);
});

test('who could only be refused a new link is told why, and may still take the old one back', async () => {
  const { section, asked } = await open({ way: 'refused' });
  expect(section.getByText(/^No mail server is set up.*ask an owner or admin\.$/, { selector: 'p' })).toBeTruthy();
  const make = section.getByRole('button', { name: 'Make a new link' });
  expect(make.getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(make);
  fireEvent.click(section.getByRole('button', { name: 'Take the link back' }));
  await waitFor(() => expect(asked('apiKeys.claims.cancel')).toEqual([{ keyId: 'a1b2c3d4' }]));
  expect(asked('apiKeys.claims.resend')).toEqual([]);
});

test('a refusal is said', async () => {
  const { section } = await open(
    {},
    { 'apiKeys.claims.cancel': refusal('precondition', 'This key waits for no link: it was drawn, or has ended.') },
  );
  fireEvent.click(section.getByRole('button', { name: 'Take the link back' }));
  expect((await section.findByRole('alert')).textContent).toContain('it was drawn, or has ended');
});
