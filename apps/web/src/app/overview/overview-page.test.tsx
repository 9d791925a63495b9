import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aLane, aSession, aSlo, burning, lanes, NOW, silent, sources, stakeholder } from '../../../test/fixtures.ts';
import { refusal, renderApp } from '../../../test/render-app.tsx';
import { resetServerTime } from '../../lib/clock.ts';

beforeEach(() => {
  resetServerTime();
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
});
afterEach(() => void vi.useRealTimers());

const call = () => screen.findByRole('heading', { level: 1 });

test('the call, one lane per platform with the worst first, and what to do', async () => {
  renderApp('/');
  expect((await call()).textContent).toMatch(/^HashInsight is failing 47% of requests\. StellarEscrow has 17\.0%/);
  const names = screen.getAllByRole('region', { name: /: / }).map((lane) => lane.getAttribute('aria-label'));
  expect(names).toEqual(['HashInsight: P0 incident, 24 min', 'StellarEscrow: Caution', 'Web3 Audit: On course']);
  const needs = within(screen.getByRole('region', { name: 'Needs you' }));
  expect(needs.getAllByRole('listitem')).toHaveLength(3);
  expect(document.title).toBe('Overview · Quarterdeck');
});

test('figures carry their unit and their age', async () => {
  renderApp('/');
  await call();
  const lane = within(screen.getByRole('region', { name: /^HashInsight/ }));
  expect(lane.getByRole('meter', { name: 'Budget left, Availability' }).getAttribute('aria-valuenow')).toBe('2.9');
  expect(lane.getByText('310×')).toBeTruthy();
  expect(lane.getByText('In 2 min')).toBeTruthy();
  expect(lane.getByText('12 s ago')).toBeTruthy();
});

test('loading keeps the frame and shows no figure', async () => {
  const { container } = renderApp('/', { 'slo.lanes': 'pending' });
  await screen.findByText('Ines Okafor');
  expect(screen.queryByRole('heading', { level: 1 })).toBeNull();
  await waitFor(() => expect(container.querySelectorAll('[aria-busy="true"]')).toHaveLength(1));
});

test('an error says what failed, offers another try, and names the request', async () => {
  let broken = true;
  renderApp('/', {
    'slo.list': () => (broken ? refusal('invalid', 'The platform does not fit.') : { rows: [burning], asOf: NOW }),
  });
  expect((await call()).textContent).toBe('The Overview did not load.');
  expect(screen.getByRole('alert').textContent).toContain('req_7f3a91c2');
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: /Try again/ }));
  await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('HashInsight'));
});

test('old figures are in the past tense, grey, with their time', async () => {
  const asOf = NOW - 9 * 60_000;
  renderApp('/', { 'slo.list': { rows: [burning], asOf }, 'slo.lanes': { lanes: [lanes[0]], asOf } });
  expect((await call()).textContent).toBe(
    'At 14:38 HashInsight was failing 47% of requests. We cannot see newer figures. ',
  );
  expect(screen.getByRole('region', { name: 'HashInsight: P0 incident at 14:38' })).toBeTruthy();
});

test('a silent objective is not counted as good anywhere', async () => {
  renderApp('/', { 'slo.list': { rows: [silent], asOf: NOW }, 'slo.lanes': { lanes: [aLane(silent)], asOf: NOW } });
  expect((await call()).textContent).toBe('HashInsight has no data. ');
  expect(screen.getByText('1 without fresh data, not counted as good')).toBeTruthy();
});

test('nothing watched: how to begin', async () => {
  renderApp('/', { 'slo.list': { rows: [], asOf: NOW }, 'slo.lanes': { lanes: [], asOf: NOW } });
  expect((await call()).textContent).toBe('No platform is watched yet.');
  expect(screen.getByText(/slo apply shop.yaml/)).toBeTruthy();
});

test('a stakeholder sees where the promises stand, and nothing to operate', async () => {
  const { calls } = renderApp('/', { 'session.get': aSession({ user: stakeholder }) });
  await call();
  expect(screen.getByRole('region', { name: 'Where the promises stand' })).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'Needs you' })).toBeNull();
  expect(screen.queryByRole('link', { name: /Audit log/ })).toBeNull();
  expect(screen.queryByRole('region', { name: 'Data sources' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Remove demo' })).toBeNull();
  expect(calls.map((made) => made.path)).not.toContain('health.sources');
});

test('forbidden by the server is said as such', async () => {
  renderApp('/', { 'slo.lanes': refusal('forbidden', 'You may not read objectives.') });
  expect((await call()).textContent).toBe('The Overview is not open to you.');
  expect(screen.getByText('You may not read objectives.')).toBeTruthy();
});

test('keys 1 to 9 open what they stand beside, J moves', async () => {
  const { address } = renderApp('/');
  await call();
  fireEvent.keyDown(document.body, { key: 'j' });
  const rows = within(screen.getByRole('region', { name: 'Needs you' })).getAllByRole('listitem');
  expect(rows[0]?.getAttribute('aria-current')).toBe('true');
  fireEvent.keyDown(document.body, { key: '2' });
  await waitFor(() => expect(address.current).toBe('/slos/slo_hash_availability'));
});

test('a dead store is a banner, and the rail says since when', async () => {
  const down = sources.map((source) =>
    source.kind === 'postgres'
      ? { ...source, state: 'down' as const, since: NOW - 240_000, error: 'no answer' }
      : source,
  );
  renderApp('/', { 'health.sources': { sources: down, asOf: NOW } });
  expect((await screen.findByRole('alert')).textContent).toMatch(/^Postgres is down since 14:43:30 UTC\./);
  expect(within(screen.getByRole('region', { name: 'Data sources' })).getByText('down 4 min')).toBeTruthy();
});

test('one platform in the address narrows every question asked', async () => {
  const { calls } = renderApp('/?platform=hashinsight');
  await call();
  const asked = calls.filter(({ path }) => ['slo.list', 'slo.lanes', 'changes.day'].includes(path));
  expect(asked.length).toBeGreaterThanOrEqual(3);
  for (const { input } of asked) expect(input).toMatchObject({ platform: 'hashinsight' });
});

test('an objective without figures shows no strip and no invented state', async () => {
  const lane = aLane(aSlo(), { slo: null, objectiveRatio: null, badRatio: [], sloCount: 4 });
  renderApp('/', { 'slo.list': { rows: [], asOf: NOW }, 'slo.lanes': { lanes: [lane], asOf: NOW } });
  await call();
  expect(screen.getByRole('region', { name: 'Web3 Audit: 4 objectives, no figures yet' })).toBeTruthy();
});

test('lights nobody can vouch for are not green', async () => {
  renderApp('/', { 'health.sources': { sources, asOf: NOW - 120_000 } });
  await call();
  const lights = within(screen.getByRole('region', { name: 'Data sources' }));
  expect(lights.getAllByText('not known')).toHaveLength(3);
});
