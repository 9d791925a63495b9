import { MINUTE_MS } from '@qd/shared/time';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderSlo, type Reply, type Server } from '../test/render-slo.tsx';
import { anAlert, aRow, NOW } from '../test/story.ts';

const rows = [
  aRow({ id: 'hash-availability' }),
  aRow({ id: 'hash-latency', name: 'Latency P95', state: 'caution', leftRatio: 0.122 }),
  aRow({
    id: 'web3-done',
    platformId: 'web3',
    platformName: 'Web3 Audit',
    name: 'Audit completion',
    state: 'on_course',
    leftRatio: 0.641,
    isDemo: false,
  }),
  aRow({
    id: 'web3-health',
    platformId: 'web3',
    platformName: 'Web3 Audit',
    name: 'API health',
    state: 'no_data',
    freshness: 'stale',
    leftRatio: null,
    dataAt: NOW - 49 * MINUTE_MS,
    staleReason: 'Prometheus did not answer within 10 s',
    isDemo: false,
  }),
];
const list = (some = rows): Reply => ({ data: { rows: some, asOf: NOW } });
const serving =
  (reply: Reply): Server =>
  (path) =>
    path === 'slo.list' ? reply : { data: [] };
const heads = () => [...document.querySelectorAll('th[scope="row"] a')].map((link) => link.textContent);
const cursor = () => document.querySelector('tr[data-cursor]')?.querySelector('th')?.textContent ?? null;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  return () => vi.useRealTimers();
});

async function open(reply: Reply = list(), address = '/slos') {
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const view = renderSlo(address, serving(reply));
  return { user, ...view };
}

describe('the SLO list', () => {
  it('answers in one sentence, groups by platform, and counts nothing unknown as good', async () => {
    await open();
    const call = await screen.findByRole('heading', { level: 1 });
    expect(call.textContent).toBe('One SLO is frozen, one is in caution, and one has no data. One is on course.');
    expect(heads()).toEqual(['Availability', 'Latency P95', 'API health', 'Audit completion']);
    expect(screen.getByText('HashInsight').textContent).toBe('HashInsight' + 'Demo');
    expect(screen.getByText('As of', { exact: false }).textContent).toBe('As of 14:47:30 UTC');
  });

  it('keeps the reason beside a row without data, and draws nothing for it', async () => {
    await open();
    const row = (await screen.findAllByText('API health'))[0]?.closest('tr');
    if (row == null) throw new Error('the row is in a table');
    expect(
      within(row).getAllByText('measured 49 min ago: Prometheus did not answer within 10 s').length,
    ).toBeGreaterThan(0);
    expect(within(row).getAllByText('no data since 13:58').length).toBeGreaterThan(0);
    expect(within(row).queryByRole('meter')).toBeNull();
  });

  it('moves with J and K and opens with Enter, the row in the address', async () => {
    const { user, address } = await open();
    await screen.findByRole('heading', { level: 1 });
    expect(cursor()).toContain('Availability');
    await user.keyboard('j');
    expect(cursor()).toContain('Latency P95');
    expect(address().search).toBe('?row=hash-latency');
    await user.keyboard('k');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(address().pathname).toBe('/slos/hash-availability'));
  });

  it('narrows to what needs a decision, and by text, all in the address', async () => {
    const { user, address } = await open();
    await user.click(await screen.findByRole('radio', { name: 'Needs a decision 3' }));
    expect(heads()).not.toContain('Audit completion');
    expect(address().search).toBe('?show=decisions');
    await user.keyboard('/');
    await user.keyboard('p95');
    expect(heads()).toEqual(['Latency P95']);
    expect(address().search).toContain('q=p95');
    await user.keyboard('{Escape}');
    expect(heads()).toHaveLength(3);
  });

  it('says whom an alert calls and what is in maintenance, and can show only those that alert', async () => {
    const loud = rows.map((row) => (row.id === 'hash-availability' ? { ...row, alerts: [anAlert()] } : row));
    const quiet = loud.map((row) => (row.id === 'web3-done' ? { ...row, inMaintenance: true } : row));
    const { user, address } = await open(list(quiet));
    const row = (await screen.findAllByText('Availability'))[0]?.closest('tr');
    if (row == null) throw new Error('the row is in a table');
    expect(within(row).getAllByText('Page, fast burn').length).toBeGreaterThan(0);
    expect(screen.getAllByText('In maintenance').length).toBeGreaterThan(0);
    await user.click(screen.getByRole('radio', { name: 'Alerting 1' }));
    expect(heads()).toEqual(['Availability']);
    expect(address().search).toBe('?show=alerting');
  });

  it('says so when no alert fires', async () => {
    await open(list(), '/slos?show=alerting');
    expect(await screen.findByText('No alert fires.')).toBeTruthy();
  });

  it('leads to the time that does not count', async () => {
    await open();
    const link = await screen.findByRole('link', { name: 'Exclusions' });
    expect(link.getAttribute('href')).toBe('/slos/exclusions');
  });

  it('says so when nothing matches, and when nothing needs a decision', async () => {
    await open(list(), '/slos?q=nothing+like+it');
    expect(await screen.findByText('No SLO matches “nothing like it”.')).toBeTruthy();
  });

  it('asks for the platform of the address', async () => {
    const asked: unknown[] = [];
    renderSlo('/slos?platform=web3', (path, input) => {
      if (path === 'slo.list') asked.push(input);
      return list();
    });
    await screen.findByRole('heading', { level: 1 });
    expect(asked).toEqual([{ platform: 'web3' }]);
  });

  it('moves nothing under the pointer, and catches up when it leaves', async () => {
    const { user, queryClient } = await open();
    await screen.findByRole('heading', { level: 1 });
    const inside = screen.getAllByText('Latency P95')[0] ?? document.body;
    await user.hover(inside);
    const worse = rows.map((row) => (row.id === 'hash-latency' ? { ...row, state: 'overspent' as const } : row));
    act(() => queryClient.setQueriesData({}, { rows: worse, asOf: NOW }));
    expect(heads()[0]).toBe('Availability');
    await user.unhover(inside);
    await user.hover(screen.getByRole('heading', { level: 1 }));
    await waitFor(() => expect(heads()[0]).toBe('Latency P95'));
  });
});

describe('the SLO list when there is nothing to show', () => {
  it('holds its shape while it loads', async () => {
    const { container } = await open('silence');
    await waitFor(() => expect(container.querySelector('[aria-busy="true"]')).not.toBeNull());
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('points to the next step when nothing is set up', async () => {
    await open(list([]));
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('No SLO is set up yet.');
  });

  it('does not call a first minute nothing', async () => {
    renderSlo('/slos', (path) =>
      path === 'slo.list'
        ? list([])
        : { data: [{ id: 'quarterdeck', name: 'Quarterdeck', isDemo: false, sloCount: 2 }] },
    );
    expect(await screen.findByText('2 SLOs are being measured for the first time.')).toBeTruthy();
  });

  it('names the failure with its id, and tries again', async () => {
    let broken = true;
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
    renderSlo('/slos', (path) =>
      path === 'slo.list' && broken ? { code: 'upstream', message: 'Postgres did not answer within 5 s.' } : list(),
    );
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The SLO list did not load.');
    expect(alert.textContent).toContain('Postgres did not answer within 5 s. Try again in a moment.');
    expect(alert.textContent).toContain('req 7f3a91c2');
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('One SLO is frozen')).toBeTruthy();
  });

  it('says who can open it to whom may not look', async () => {
    await open({ code: 'forbidden', message: 'Your role cannot see SLOs.' });
    expect(await screen.findByText('The SLO list is not open to your role.')).toBeTruthy();
  });
});
