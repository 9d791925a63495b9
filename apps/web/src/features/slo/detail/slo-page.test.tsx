import type { BurnDownSeries, SloDetail } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { renderSlo, type Server } from '../test/render-slo.tsx';
import { aDetail, aSeries, NOW } from '../test/story.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  return () => vi.useRealTimers();
});

const asked: unknown[] = [];
const serving =
  (slo: SloDetail, series: BurnDownSeries): Server =>
  (path, input) => {
    if (path === 'slo.page') asked.push(input);
    if (path === 'slo.alerts.events') return { data: { rows: [], nextCursor: null } };
    return { data: { slo, burnDown: series } };
  };

function open(server: Server = serving(aDetail(), aSeries()), address = '/slos/slo_hash_availability') {
  asked.length = 0;
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  return { user, ...renderSlo(address, server) };
}

const call = async () => (await screen.findByRole('heading', { level: 1 })).textContent;
const plots = () => screen.findAllByRole('slider');

describe('one objective in trouble', () => {
  it('says what is left, when it is gone, and that we may not ship', async () => {
    open();
    expect(await call()).toBe('2.9% of the error budget is left. At this burn it is gone at 14:49 UTC, in 99 seconds.');
    const policy = screen.getByRole('region', { name: 'Budget policy' });
    expect(within(policy).getByText('Freeze')).toBeTruthy();
    expect(within(policy).getByText('under 10% left')).toBeTruthy();
  });

  it('names its datum: as of, source and age, objective, window and day, owner, estimate', async () => {
    open();
    await call();
    for (const words of [
      'As of 14:47:30 UTC',
      'Prometheus, 12 s ago',
      'Objective 99.95%, 2xx to 4xx of all requests',
      '30 d window, 9 Sep to 9 Oct, day 25',
      'Owner HashInsight DevOps',
      'Total of the window estimated',
    ]) {
      expect(
        screen.getByText(
          (_, element) =>
            element?.textContent === words && element.tagName === 'SPAN' && element.parentElement?.tagName === 'SPAN',
        ),
      ).toBeTruthy();
    }
  });

  it('draws the window and the hour beside it, in one sentence for those who listen', async () => {
    open();
    const [whole, hour] = await plots();
    expect(whole?.getAttribute('aria-label')).toBe('Budget left, 9 Sep to 9 Oct');
    expect(hour?.getAttribute('aria-label')).toBe('Budget left, enlarged from 14:10 to 15:10');
    expect(screen.getByText('Availability: 2.9% left, 15.7% below the ideal line at 18.6%.')).toBeTruthy();
    expect(screen.getByRole('img', { name: /Events each minute of this hour/ })).toBeTruthy();
  });

  it('reads single points with the arrow keys, and lets go with Escape', async () => {
    const { user } = open();
    const [whole] = await plots();
    if (whole === undefined) throw new Error('no plot');
    whole.focus();
    await user.keyboard('{ArrowRight}');
    expect(whole.getAttribute('aria-valuetext')).toBe('9 Sep, 00:00 UTC; 100.0% left, 21.60 min; ideal 100.0%');
    expect(screen.getByText('100.0% left, 21.60 min')).toBeTruthy();
    await user.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
    expect(whole.getAttribute('aria-valuenow')).toBe('11');
    await user.keyboard('{Escape}');
    expect(screen.getByText(/Point at the plot/)).toBeTruthy();
  });

  it('reads under the pointer in the hour, with the events of that minute', async () => {
    open();
    const hour = (await plots())[1];
    if (hour === undefined) throw new Error('no plot');
    vi.spyOn(hour, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 600 } as DOMRect);
    fireEvent.pointerMove(hour, { clientX: 250 });
    expect(await screen.findByText('14:35 UTC')).toBeTruthy();
    expect(screen.getByText(/events, \d+ failed$/, { selector: 'span' })).toBeTruthy();
    fireEvent.pointerLeave(hour);
    expect(screen.queryByText('14:35 UTC')).toBeNull();
  });

  it('becomes a table with the full stop, and back', async () => {
    const { user, address } = open();
    await plots();
    await user.keyboard('.');
    const table = screen.getByRole('table', { name: 'Error budget left over time' });
    expect(within(table).getByRole('rowheader', { name: '14:47 UTC' })).toBeTruthy();
    expect(within(table).getByText('P2 Neon compute suspended…, −1.21 min')).toBeTruthy();
    expect(address().search).toBe('?table=burn-down');
    await user.keyboard('.');
    expect((await plots()).length).toBe(2);
  });

  it('switches to the rolling view in the address', async () => {
    const { user, address } = open();
    await user.click(await screen.findByRole('radio', { name: 'Rolling 30 d' }));
    expect(address().search).toBe('?view=rolling');
    expect(asked).toEqual([{ id: 'slo_hash_availability' }, { id: 'slo_hash_availability', view: 'rolling' }]);
    expect(await call()).toBe(
      'Over the last 30 days, 1.1% of the error budget is left. The fixed window, which decides, has 2.9%.',
    );
  });

  it('shows every alert row against its limit, and what each cause cost', async () => {
    open();
    await call();
    const burn = screen.getByRole('table', { name: 'Burn rate per alert row' });
    expect(within(burn).getAllByText('Page')).toHaveLength(2);
    expect(within(burn).getByText('932×')).toBeTruthy();
    const cost = screen.getByRole('table', { name: 'Cost of each cause in the budget' });
    expect(
      within(cost).getByRole('row', { name: /INC-2026-1003-001.*3 Oct 14:23, open.*15.18 min.*70.3%/ }),
    ).toBeTruthy();
  });

  it('lays open how the number is computed', async () => {
    open();
    const button = await screen.findByRole('button', { name: 'How computed' });
    const sheet = document.getElementById(button.getAttribute('popovertarget') ?? '');
    if (sheet === null) throw new Error('the button opens nothing');
    expect(sheet.getAttribute('role')).toBe('dialog');
    for (const words of [
      '2,410,000 so far',
      '2,960,000 (estimated)',
      '1,437',
      'Prometheus 2.42.0, every 30 s',
      'hashinsight_requests_total{status=~"5.."}',
    ]) {
      expect(sheet.textContent).toContain(words);
    }
    expect(sheet.textContent).toContain('Left: 1 − 1,437 ÷ 1,480 = 2.9%');
  });
});

describe('one objective, other states', () => {
  it('takes the whole width when there is no hour to enlarge', async () => {
    open(serving(aDetail({ state: 'on_course', lens: null }), aSeries({ lens: null })));
    expect(await plots()).toHaveLength(1);
  });

  it('speaks of old figures in the past, and judges nothing by them', async () => {
    open(
      serving(
        aDetail({ freshness: 'stale', dataAt: NOW - 4 * MINUTE_MS, staleReason: 'Prometheus did not answer' }),
        aSeries({ forecast: null }),
      ),
    );
    expect(await call()).toBe('At 14:43 UTC 2.9% of the error budget was left. We cannot see newer figures.');
    expect(within(screen.getByRole('region', { name: 'Budget policy' })).getByText('Not known')).toBeTruthy();
    expect(screen.getByText('Prometheus, 4 min ago: Prometheus did not answer')).toBeTruthy();
    expect(screen.getAllByText('Not known').length).toBeGreaterThan(4);
  });

  it('knows nothing before the first minute, and says so', async () => {
    const base = aDetail({ state: 'no_data', freshness: 'never', dataAt: null, lens: null, spend: [], marks: [] });
    const empty = { leftRatio: null, leftMs: null, spentRatio: null, sliPercent: null, bounds: null };
    const slo = {
      ...base,
      budget: { ...base.budget, ...empty },
      rolling: { ...base.rolling, ...empty },
      measurement: { ...base.measurement, measuredSince: null },
    };
    open(serving(slo, aSeries({ at: [], leftRatio: [], gaps: [], forecast: null, lens: null })));
    expect(await call()).toBe('Nothing has been measured yet. The budget is not known until the first minute arrives.');
    const [whole] = await plots();
    whole?.focus();
    expect(screen.getByText('Nothing is measured yet, so nothing can be told apart.')).toBeTruthy();
    expect(screen.getByText('No incident and no deploy in this window.')).toBeTruthy();
  });

  it('shows the traffic of a console that started minutes ago', async () => {
    const start = NOW - 7 * MINUTE_MS;
    const base = aDetail({ state: 'on_course', marks: [], exhaustion: { kind: 'never' } });
    const slo = { ...base, measurement: { ...base.measurement, measuredSince: start } };
    const at = Array.from({ length: 38 }, (_, i) => NOW - (37 - i) * MINUTE_MS);
    const since = (value: number) => at.map((instant) => (instant <= start ? null : value));
    const lens = {
      startAt: NOW - 37 * MINUTE_MS,
      endAt: NOW + 23 * MINUTE_MS,
      at,
      leftRatio: since(1),
      badRatio: since(0),
      totalEvents: since(9),
    };
    open(serving(slo, aSeries({ at: [start, NOW], leftRatio: [1, 1], gaps: [], forecast: null, lens })));
    expect(
      await screen.findByRole('img', {
        name: 'Events each minute of this hour: 63 so far, 0 failed, 9 in the busiest minute',
      }),
    ).toBeTruthy();
    expect(await plots()).toHaveLength(2);
  });

  it('holds its shape while it loads', async () => {
    const { container } = open(() => 'silence');
    await waitFor(() => expect(container.querySelector('[aria-busy="true"]')).not.toBeNull());
    expect(container.querySelector('.qd-zone-freeze')).not.toBeNull();
  });

  it('keeps the rest of the page when only another window cannot be read, and tries again', async () => {
    let broken = true;
    const { user } = open((path, input) => {
      if (path === 'slo.alerts.events') return { data: { rows: [], nextCursor: null } };
      const fails = broken && (input as { view?: string }).view === 'rolling';
      return fails ? { code: null, message: 'hidden' } : { data: { slo: aDetail(), burnDown: aSeries() } };
    });
    await user.click(await screen.findByRole('radio', { name: 'Rolling 30 d' }));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('The burn-down did not load.');
    expect(alert.textContent).toContain('req 7f3a91c2');
    expect(alert.textContent).not.toContain('hidden');
    expect(screen.getByText('What spent it')).toBeTruthy();
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect((await plots()).length).toBe(2);
  });

  it('shows the last window until the next one is there, and never that of another objective', async () => {
    const server: Server = (path, input) => {
      if (path === 'slo.alerts.events') return { data: { rows: [], nextCursor: null } };
      const { id, view } = input as { id: string; view?: string };
      if (view === 'rolling' || id !== 'slo_hash_availability') return 'silence';
      return { data: { slo: aDetail(), burnDown: aSeries() } };
    };
    const { user, navigate } = open(server);
    await user.click(await screen.findByRole('radio', { name: 'Rolling 30 d' }));
    expect(await plots()).toHaveLength(2);
    expect(screen.getByText('What spent it')).toBeTruthy();
    await navigate('/slos/slo_hash_other');
    await waitFor(() => expect(screen.queryByText('What spent it')).toBeNull());
    expect(screen.queryAllByRole('slider')).toEqual([]);
  });

  it('tells other screens what it read, and lets newer words of theirs stand', async () => {
    const { queryClient } = open();
    await plots();
    const key = [['slo', 'get'], { input: { id: 'slo_hash_availability' }, type: 'query' }];
    expect(queryClient.getQueryData(key)).toEqual(aDetail());
    const updatedAt = NOW + MINUTE_MS;
    act(
      () =>
        void queryClient.setQueryData(key, aDetail({ meanings: { ...aDetail().meanings, freeze: 'Ask Ines.' } }), {
          updatedAt,
        }),
    );
    expect(await screen.findByText('Ask Ines.')).toBeTruthy();
  });

  it.each([
    ['not_found', 'There is no such SLO here.'],
    ['forbidden', 'This SLO is not open to your role.'],
  ])('answers %s with a way on', async (code, words) => {
    open(() => ({ code, message: 'No.' }));
    expect(await screen.findByText(words)).toBeTruthy();
  });

  it('stays on the day of the reader', async () => {
    open(
      serving(
        aDetail({ lens: null }),
        aSeries({ lens: null, gaps: [{ startAt: NOW - 3 * DAY_MS, endAt: NOW - 2 * DAY_MS }] }),
      ),
    );
    expect(await plots()).toHaveLength(1);
  });
});
