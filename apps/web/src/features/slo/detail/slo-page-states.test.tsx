import type { BurnRow, Mark, SloDetail, SloWindow } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionUser } from '../../../lib/api.ts';
import { reader, renderSlo, type Reply } from '../test/render-slo.tsx';
import { aDetail, anAlert, anAlertEvent, aSeries, burnRows, NOW } from '../test/story.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  return () => vi.useRealTimers();
});

type Answers = Record<string, (input: unknown) => Reply>;
const pageOf = (slo: SloDetail) => ({
  slo,
  burnDown: aSeries({ view: slo.budget.window.view, window: slo.budget.window }),
});
const none: Reply = { data: { rows: [], nextCursor: null } };

function open(slo: SloDetail, answers: Answers = {}, as?: SessionUser, search = '') {
  const calls: { path: string; input: unknown }[] = [];
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const server = (path: string, input: unknown): Reply => {
    calls.push({ path, input });
    const answer = answers[path];
    if (answer !== undefined) return answer(input);
    if (path === 'slo.alerts.events') return none;
    return { data: pageOf(slo) };
  };
  const view = renderSlo(`/slos/${slo.id}${search}`, server, as);
  return { user, calls, ...view };
}

const call = async () => (await screen.findByRole('heading', { level: 1 })).textContent;
const row = (over: Partial<BurnRow>): BurnRow => ({ ...(burnRows[0] ?? never()), ...over });
function never(): never {
  throw new Error('the story has rows');
}

describe('alerts of one objective', () => {
  it('names each that fires, with its kind and since when', async () => {
    open(aDetail({ alerts: [anAlert()] }));
    const list = await screen.findByRole('list', { name: 'Alerts that fire' });
    expect(within(list).getByText('Page')).toBeTruthy();
    expect(list.textContent).toContain('Burning 932 times the sustainable rate');
    expect(list.textContent).toContain('Fast burn, since 14:25, 22 min. Figures are from when it fired.');
  });

  it('holds a frozen one as it was, and says what it waits for', async () => {
    const alerts = [anAlert({ state: 'frozen' })];
    open(aDetail({ alerts, freshness: 'stale', dataAt: NOW - 5 * MINUTE_MS }));
    const list = await screen.findByRole('list', { name: 'Alerts that fire' });
    expect(within(list).getByText('Frozen')).toBeTruthy();
    expect(list.textContent).toContain(
      'A page, held as it was at 14:42: its data are stale. It neither worsens nor resolves until they are back.',
    );
  });

  it('says when excluded time is why an alert is frozen', async () => {
    open(aDetail({ alerts: [anAlert({ state: 'frozen' })], inMaintenance: true }));
    expect((await screen.findByRole('list', { name: 'Alerts that fire' })).textContent).toContain(
      'A page, held as it was: excluded time leaves too little to judge.',
    );
  });

  it('shows nothing above the rows while all is quiet', async () => {
    open(aDetail({ alerts: [anAlert({ state: 'ok' })] }));
    await call();
    expect(screen.queryByRole('list', { name: 'Alerts that fire' })).toBeNull();
  });

  it('tells every state of a row in words, what it spent, and what is excluded from it', async () => {
    const rows = [
      row({ state: 'firing', spentShareRatio: 0.612 }),
      row({ state: 'recovering', longMs: 6 * HOUR_MS, excludedMinutes: 30 }),
      row({ state: 'rising', longMs: 12 * HOUR_MS }),
      row({ state: 'ok', longMs: DAY_MS }),
      row({ state: 'held', longMs: 2 * DAY_MS }),
      row({ state: 'unknown', longMs: 3 * DAY_MS }),
      row({ state: 'unknown', longMs: 4 * DAY_MS, excludedMinutes: 240 }),
    ];
    open(aDetail({ burnRows: rows }));
    const table = await screen.findByRole('table', { name: 'Burn rate per alert row' });
    const lines = within(table).getAllByRole('row').slice(1);
    const told = (i: number) => lines[i]?.textContent ?? '';
    expect(told(0)).toContain('1 h, 61.2% spent');
    expect(told(0)).toContain('2%14.4×');
    expect(told(0)).toMatch(/firing.*Page$/);
    expect(told(1)).toContain('30 min excluded');
    expect(told(1)).toMatch(/short is calm.*Recovering$/);
    expect(told(2)).toMatch(/long not yet.*Rising$/);
    expect(told(3)).toMatch(/under the limit.*Quiet$/);
    expect(told(4)).toMatch(/low traffic.*Held$/);
    expect(told(5)).toMatch(/not measured.*Not known$/);
    expect(told(6)).toMatch(/in maintenance.*Not known$/);
  });

  it('lists what the alerts did, and reads older events when asked', async () => {
    const fired = anAlertEvent();
    const resolved = anAlertEvent({ id: 'evt_2', transition: 'resolved', at: fired.at + 9 * MINUTE_MS });
    const { user, calls } = open(aDetail(), {
      'slo.alerts.events': (input) =>
        (input as { cursor?: string }).cursor === undefined
          ? { data: { rows: [resolved], nextCursor: 'c1' } }
          : { data: { rows: [fired], nextCursor: null } },
    });
    const history = await screen.findByRole('region', { name: 'Alert history' });
    expect(await within(history).findByText('Resolved')).toBeTruthy();
    expect(history.textContent).toContain('Fast burn, page, after 9 min');
    await user.click(within(history).getByRole('button', { name: 'Show older events' }));
    expect(await within(history).findByText('Fired')).toBeTruthy();
    expect(within(history).queryByRole('button', { name: 'Show older events' })).toBeNull();
    expect(calls.filter(({ path }) => path === 'slo.alerts.events')).toHaveLength(2);
  });

  it('keeps the page when only the history fails', async () => {
    open(aDetail(), { 'slo.alerts.events': () => ({ code: 'upstream', message: 'Postgres did not answer.' }) });
    expect((await screen.findByRole('alert')).textContent).toContain('The alert history did not load.');
    expect(screen.getByText('What spent it')).toBeTruthy();
  });
});

const maintenance: Mark = {
  id: 'exc_1',
  kind: 'exclusion',
  platformId: 'hashinsight',
  at: NOW - 10 * MINUTE_MS,
  endAt: NOW + 12 * MINUTE_MS + 30_000,
  label: 'Maintenance',
  detail: 'Disk swap',
  severity: null,
  url: null,
  open: true,
  isDemo: false,
};

describe('excluded time on the page', () => {
  const excluded = { minutes: 30, badEvents: 412, totalEvents: 9_000, spans: 1, rawLeftRatio: 0.012 };

  it('says until when, and puts raw beside adjusted', async () => {
    open(aDetail({ inMaintenance: true, marks: [maintenance], excluded }));
    expect(await screen.findByText('In maintenance until 15:00 UTC: Disk swap')).toBeTruthy();
    expect(screen.getByText('Raw 1.2%, adjusted 2.9%: 30 min with 412 bad events excluded.')).toBeTruthy();
    const table = screen.getByRole('table', { name: 'The budget counted from different starts' });
    expect(within(table).getByRole('row', { name: /Left, nothing excluded 1\.2%/ })).toBeTruthy();
    expect(await screen.findByText('excluded, does not count')).toBeTruthy();
    // Excluded time is not an event that could have caused anything.
    expect(screen.getByText('No incident and no deploy in this window.')).toBeTruthy();
  });

  it('stands in the table of the plot', async () => {
    open(aDetail({ marks: [maintenance] }), {}, undefined, '?table=burn-down');
    const table = await screen.findByRole('table', { name: 'Error budget left over time' });
    expect(within(table).getAllByText(/excluded, Maintenance: Disk swap/).length).toBeGreaterThan(1);
  });

  it('offers the time of a closed incident to those who may, with its span and reason', async () => {
    open(aDetail());
    const link = await screen.findByRole('link', { name: 'Exclude the time of INC-2026-0919-001' });
    const query = new URLSearchParams(link.getAttribute('href')?.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({
      slo: 'slo_hash_availability',
      edit: 'new',
      from: String(Date.UTC(2026, 8, 19, 3, 20)),
      to: String(Date.UTC(2026, 8, 19, 3, 45)),
      reason: 'INC-2026-0919-001: CoinWarz breaker half-open',
    });
    expect(screen.queryByRole('link', { name: /^Exclude .*INC-2026-1003-001/ })).toBeNull();
  });

  it('lets a stretch be chosen by keyboard, and excluded', async () => {
    const { user } = open(aDetail());
    const hour = (await screen.findAllByRole('slider'))[1] ?? never();
    hour.focus();
    await user.keyboard('{ArrowRight}{Enter}{ArrowRight}{ArrowRight}{ArrowRight}{Enter}');
    expect(screen.getByText('3 Oct, 14:10 to 14:13 UTC')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Exclude this stretch' }).getAttribute('href')).toContain('edit=new');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('link', { name: 'Exclude this stretch' })).toBeNull();
  });

  it('lets a stretch be chosen by dragging, and let go with a press', async () => {
    const { user } = open(aDetail());
    const hour = (await screen.findAllByRole('slider'))[1] ?? never();
    vi.spyOn(hour, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 600 } as DOMRect);
    const at = (clientX: number) => ({ clientX, button: 0, pointerType: 'mouse' });
    fireEvent.pointerDown(hour, at(100));
    fireEvent.pointerMove(hour, at(103));
    expect(screen.queryByRole('link', { name: 'Exclude this stretch' })).toBeNull();
    fireEvent.pointerMove(hour, at(250));
    fireEvent.pointerUp(hour);
    fireEvent.pointerMove(hour, at(500));
    expect(screen.getByText('3 Oct, 14:20 to 14:35 UTC')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Let go' }));
    expect(screen.queryByRole('link', { name: 'Exclude this stretch' })).toBeNull();
  });

  it('offers nothing to those who may only look, but says what is excluded', async () => {
    open(aDetail({ excluded }), {}, reader);
    await call();
    expect(screen.getByRole('link', { name: 'Exclusions' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: /^Exclude/ })).toBeNull();
    expect(screen.queryByText(/to choose a stretch/)).toBeNull();
  });
});

const BERLIN = 'Europe/Berlin';
const october: SloWindow = {
  view: 'window',
  startAt: Date.UTC(2026, 8, 30, 22),
  endAt: Date.UTC(2026, 9, 31, 23),
  windowMs: 31 * DAY_MS + HOUR_MS,
  calendar: { unit: 'month', count: 1, timeZone: BERLIN, startDate: '2026-01-01' },
};

describe('windows', () => {
  const base = aDetail();
  const week = { ...base.rolling, window: { ...base.rolling.window, windowMs: 7 * DAY_MS }, leftRatio: 0.4 };
  const quarter = {
    ...base.budget,
    window: {
      ...october,
      startAt: Date.UTC(2026, 8, 30, 22),
      calendar: { ...(october.calendar ?? never()), unit: 'quarter' as const },
    },
    leftRatio: 0.55,
  };

  it('names a calendar period and its zone, and marks an estimated total', async () => {
    open(aDetail({ budget: { ...base.budget, window: october } }));
    expect(await call()).toMatch(/^In October 2026, 2\.9% of the error budget is left\./);
    expect(screen.getByText('October 2026, Europe/Berlin, day 3')).toBeTruthy();
    expect(screen.getByRole('columnheader', { name: 'October 2026, Europe/Berlin' })).toBeTruthy();
    expect(screen.getByText('October 2026 decides')).toBeTruthy();
    expect(screen.getByRole('radio', { name: 'October 2026' })).toBeTruthy();
    expect(screen.getByText('2.96 million, estimated')).toBeTruthy();
  });

  it('lets the plot show any of many windows, by its number', async () => {
    const { user, calls, address } = open(aDetail({ others: [week, quarter] }));
    const choice = await screen.findByRole('combobox', { name: 'Which window is shown' });
    expect(
      within(choice)
        .getAllByRole('option')
        .map((option) => option.textContent),
    ).toEqual(['Window, which decides', 'Rolling 30 d', 'Rolling 7 d', 'Q4 2026']);
    await user.selectOptions(choice, 'Q4 2026');
    expect(address().search).toBe('?view=other-2');
    await waitFor(() =>
      expect(calls.findLast(({ path }) => path === 'slo.page')?.input).toEqual({
        id: 'slo_hash_availability',
        window: 2,
      }),
    );
    expect(await call()).toBe(
      'In Q4 2026, 55.0% of the error budget is left. The fixed window, which decides, has 2.9%.',
    );
  });

  it('asks first for the window the address names', async () => {
    const { calls } = open(aDetail({ others: [week, quarter] }), {}, undefined, '?view=other-1');
    await call();
    expect(calls.filter(({ path }) => path === 'slo.page').map(({ input }) => input)).toEqual([
      { id: 'slo_hash_availability', window: 1 },
    ]);
  });

  it('foretells a rolling budget with what rolls off, and judges by it', async () => {
    const forecast = {
      atCurrentBurn: { kind: 'at', at: NOW + 3 * DAY_MS },
      afterRollOff: { kind: 'never' },
      lowest: { at: NOW + 4 * DAY_MS, leftRatio: 0.004 },
      burnRate: 1.4,
    } as const;
    const exhaustion = { kind: 'at', at: NOW + 3 * DAY_MS } as const;
    open(aDetail({ budget: base.rolling, forecast, exhaustion }));
    expect(await call()).toBe(
      'Over the last 30 days, 1.1% of the error budget is left. At this burn it is gone on 6 Oct, in 3 d.',
    );
    expect(
      screen.getByText(
        'As old failures leave the last 30 days, at 1.4× burn, it does not run out. The least is 0.4%, on 7 Oct.',
      ),
    ).toBeTruthy();
    expect(screen.queryByRole('radiogroup', { name: 'Which window is shown' })).toBeNull();
    const table = screen.getByRole('table', { name: 'The budget counted from different starts' });
    expect(within(table).getByRole('row', { name: 'Gone at this burn 6 Oct' })).toBeTruthy();
    expect(within(table).getByRole('row', { name: 'Gone after roll-off never' })).toBeTruthy();
  });

  it('counts minutes, not events, where a minute is good or bad as a whole', async () => {
    const budget = { ...base.budget, estimated: false, badEvents: 3, totalEvents: 34_000, expectedEvents: 43_200 };
    const indicator = { kind: 'slices', query: 'lag', op: 'lt', value: 5, sliceMinutes: 1 } as const;
    const minutes = aDetail({ unit: 'minutes', budget, measurement: { ...base.measurement, indicator } });
    open(minutes);
    await call();
    expect(screen.getByText(/97\.1%, 3 bad minutes$/)).toBeTruthy();
    expect(screen.getByText(/^34,000 of 43,200 minutes in the window so far\./)).toBeTruthy();
    expect(screen.getByRole('row', { name: /^Bad minutes 3/ })).toBeTruthy();
    expect(screen.getByRole('row', { name: /^Counted against 43,200 min/ })).toBeTruthy();
    expect(screen.getByText(/^Burn rate is share of bad minutes ÷/)).toBeTruthy();
    expect(screen.getByText('when the value is < 5 at the end of each minute')).toBeTruthy();
    expect(
      await screen.findByRole('img', { name: /^Minutes of this hour: [\d,]+ minutes so far, \d+ bad$/ }),
    ).toBeTruthy();
  });
});

describe('the policy of one objective', () => {
  const card = () => screen.findByRole('region', { name: 'Budget policy' });
  const mine = { ship: '', caution: '', freeze: 'Nothing but fixes; ask Ines.', overspent: '' };

  it('speaks in the words of the team, and gives the line a pipeline asks with', async () => {
    open(aDetail({ meanings: mine }));
    const text = (await card()).textContent;
    expect(text).toContain('Nothing but fixes; ask Ines.');
    expect(text).toContain('Freeze. Nothing but fixes; ask Ines.');
    expect(text).toContain('Ship. Releases go out as planned.');
    expect(text).toContain('Judged bythe fixed window.');
    expect(text).toContain('curl -fsS -H "Authorization: Bearer $KEY" http');
    expect(text).toContain('/api/v1/slos/slo_hash_availability/gate');
  });

  it('takes a reason and a time to let releases pass, and refuses without a reason', async () => {
    const { user, calls } = open(aDetail(), {
      'slo.definitions.override': () => ({ data: { id: 'ovr_1' } }),
      'platforms.list': () => ({ data: [] }),
    });
    const region = within(await card());
    const form = region.getByRole('textbox', { name: 'Reason', hidden: true });
    const submit = region.getAllByRole('button', { name: 'Let releases pass', hidden: true }).at(-1) ?? never();
    await user.click(submit);
    expect(region.getByText('Say why, in at least 3 characters.')).toBeTruthy();
    expect(calls.some(({ path }) => path === 'slo.definitions.override')).toBe(false);
    await user.type(form, 'The fix for the pool');
    await user.click(region.getByRole('radio', { name: '1 h', hidden: true }));
    await user.click(submit);
    const sent = calls.find(({ path }) => path === 'slo.definitions.override')?.input;
    expect(sent).toMatchObject({ id: 'slo_hash_availability', reason: 'The fix for the pool' });
    const { until } = sent as { until: number };
    expect(Math.abs(until - NOW - HOUR_MS)).toBeLessThan(30_000);
    expect(await screen.findByText(/^Releases may pass until 15:4/)).toBeTruthy();
  });

  it('says that a decision is withdrawn although its sheet goes with it', async () => {
    let slo = aDetail({
      override: {
        id: 'ovr_1',
        sloId: 's',
        reason: 'Fix',
        createdAt: 0,
        createdBy: 'ines@example.test',
        createdByName: 'Ines',
        until: NOW + HOUR_MS,
      },
    });
    const { user } = open(slo, {
      'slo.page': () => ({ data: pageOf(slo) }),
      'slo.definitions.withdrawOverride': () => {
        slo = aDetail();
        return { data: null };
      },
    });
    const region = within(await card());
    await user.click(region.getByRole('button', { name: 'Withdraw the decision', hidden: true }));
    expect(await screen.findByText('The budget policy decides again.')).toBeTruthy();
    await waitFor(() => expect(region.queryByText('Ines: Fix')).toBeNull());
  });

  it('shows who decided otherwise, until when and why, and lets it be withdrawn', async () => {
    const override = {
      id: 'ovr_1',
      sloId: 'slo_hash_availability',
      reason: 'Fix is waiting',
      createdAt: NOW - HOUR_MS,
      createdBy: 'ines@example.test',
      createdByName: 'Ines Okafor',
      until: NOW + 2 * HOUR_MS,
    };
    const { user, calls } = open(aDetail({ override }), {
      'slo.definitions.withdrawOverride': () => ({ code: 'conflict', message: 'It ended already.' }),
    });
    const region = within(await card());
    expect(region.getByText('Ines Okafor: Fix is waiting')).toBeTruthy();
    expect((await card()).textContent).toContain('Releases may pass until 16:47 UTC.');
    await user.click(region.getByRole('button', { name: 'Withdraw the decision', hidden: true }));
    expect(calls.find(({ path }) => path === 'slo.definitions.withdrawOverride')?.input).toEqual({ id: 'ovr_1' });
    expect((await region.findByRole('alert', { hidden: true })).textContent).toContain('It ended already.');
  });

  it('offers no way past it to those who may not, nor where releases pass anyway', async () => {
    const first = open(aDetail(), {}, reader);
    await card();
    expect(screen.queryByRole('button', { name: 'Let releases pass', hidden: true })).toBeNull();
    first.unmount();
    const base = aDetail({ state: 'on_course' });
    open({ ...base, budget: { ...base.budget, leftRatio: 0.8 } });
    await card();
    expect(screen.queryByRole('button', { name: 'Let releases pass', hidden: true })).toBeNull();
  });

  it('forgets a decision that has ended', async () => {
    const until = NOW - MINUTE_MS;
    open(
      aDetail({
        override: { id: 'o', sloId: 's', reason: 'Old', createdAt: 0, createdBy: 'X', createdByName: 'X', until },
      }),
    );
    await card();
    expect(screen.queryByText('X: Old')).toBeNull();
  });

  it('leads from the arithmetic to the revisions of the definition', async () => {
    open(aDetail({ revision: 4 }));
    await call();
    const link = screen.getByRole('link', { name: 'Revision 4', hidden: true });
    expect(link.getAttribute('href')).toBe('/slos/slo_hash_availability/revisions');
  });
});
