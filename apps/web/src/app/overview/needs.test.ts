import type { AlertView } from '@qd/shared/slo';
import { expect, test } from 'vitest';
import { aBudget, aLane, aSlo, burning, cautious, incident, NOW, silent, sources } from '../../../test/fixtures.ts';
import { utc } from '../../lib/zone.ts';
import { nextOnClock } from './clock-list.ts';
import type { NeedsInput } from './need.ts';
import { listNeeds } from './needs.ts';

function needs(over: Partial<NeedsInput>) {
  return listNeeds({
    slos: [],
    sources: [],
    lanes: [],
    keys: [],
    secrets: [],
    ledger: null,
    unread: null,
    now: NOW,
    zone: utc,
    ...over,
  });
}

test('most urgent first: database, open P0, page, source, caution, silence; what is on course is absent', () => {
  const down = sources.map((source) => ({ ...source, state: 'down' as const, since: NOW - 60_000, error: null }));
  const found = needs({
    slos: [silent, aSlo(), cautious, burning],
    sources: down,
    lanes: [aLane(burning, { marks: [incident] })],
  });
  expect(found.map((need) => need.title)).toEqual([
    'HashInsight: P0 incident is open',
    'Postgres is down',
    'HashInsight availability is in freeze',
    'Prometheus is down',
    'Redis is down',
    'StellarEscrow TTFB under 800 ms needs care',
    'HashInsight latency P95 has no data',
  ]);
});

test('a freeze says what is left, what may ship, and when it is gone', () => {
  expect(needs({ slos: [burning] })[0]).toMatchObject({
    tone: 'crit',
    detail: '0.63 of 21.6 min left. Only reliability fixes ship until 9 Oct. Gone in 2 min at this burn.',
    figure: '2.9%',
    href: '/slos/slo_hash_availability',
  });
});

test('a dead source says how many objectives it feeds, and why', () => {
  const [source] = sources;
  if (!source) throw new Error('fixture');
  const [need] = needs({
    slos: [aSlo({ source: { id: source.key, kind: 'prometheus', name: source.name } })],
    sources: [{ ...source, state: 'down', since: NOW - 240_000, error: 'connection refused' }],
  });
  expect(need).toMatchObject({ figure: '4 min', detail: '1 objective gets no new figures. connection refused' });
});

test('a forecast beyond the window is no need to hurry', () => {
  const late = aSlo({ ...cautious, exhaustion: { kind: 'at', at: cautious.budget.window.endAt + 1 } });
  expect(needs({ slos: [late] })[0]?.detail).not.toContain('Gone');
});

test('the clock lists forecasts and closing windows in order, grouped, never what is past or stale', () => {
  const ended = aSlo({
    id: 'x',
    budget: aBudget({ window: { view: 'window', startAt: 0, endAt: NOW - 1, windowMs: 1 } }),
  });
  const entries = nextOnClock([aSlo(), burning, ended, { ...silent, exhaustion: { kind: 'at', at: NOW + 1 } }], NOW);
  expect(entries.map((entry) => [entry.title, entry.detail])).toEqual([
    ['Budget gone at this burn', 'HashInsight, Availability'],
    ['Budget windows close', 'Web3 Audit and HashInsight'],
  ]);
});

const page: AlertView = {
  kind: 'burn',
  state: 'firing',
  severity: 'page',
  tier: 'fast',
  firedAt: NOW - 21 * 60_000,
  summary: 'Burning 14 times the sustainable rate over 1 h and 5 min; 92.0% of the budget is left.',
};

test('an alert and the state it comes from are one need, with since when', () => {
  const found = needs({ slos: [{ ...burning, alerts: [page] }] });
  expect(found).toHaveLength(1);
  expect(found[0]?.detail).toContain('Gone in 2 min at this burn. Paging since 14:26, 21 min.');
});

test('a page lifts what would only need care', () => {
  const [first] = needs({ slos: [aSlo({ ...burning, id: 'x', burnRows: [] }), { ...cautious, alerts: [page] }] });
  expect(first?.title).toBe('StellarEscrow TTFB under 800 ms needs care');
});

test('an objective on course is a need when its alert fires, in the words of the alert', () => {
  const ticket = { ...page, severity: 'ticket' as const, tier: 'slow' as const };
  expect(needs({ slos: [aSlo({ alerts: [ticket] })] })[0]).toMatchObject({
    tone: 'warn',
    title: 'Web3 Audit audit completion has a ticket open',
    detail: ticket.summary,
    figure: '21 min',
  });
  expect(needs({ slos: [aSlo({ alerts: [page] })] })[0]).toMatchObject({
    tone: 'crit',
    title: 'Web3 Audit audit completion is paging',
  });
  expect(needs({ slos: [aSlo({ alerts: [{ ...page, state: 'ok' }] })] })).toEqual([]);
});

test('silence an alert has noticed comes before silence it has not, and a frozen page says so', () => {
  const absent: AlertView = { ...page, kind: 'absent', severity: 'ticket', tier: null, firedAt: NOW - 5 * 60_000 };
  const found = needs({ slos: [silent, { ...silent, id: 'y', alerts: [absent] }] });
  expect(found[0]?.detail).toContain('It counts neither as good nor as bad. A ticket since 14:42, 5 min.');
  const frozen = needs({ slos: [{ ...silent, alerts: [{ ...page, state: 'frozen' }] }] });
  expect(frozen[0]?.detail).toContain('A page since 14:26, 21 min, frozen until data are back.');
});

test('a page that excluded time froze waits for that, not for data', () => {
  const found = needs({ slos: [{ ...burning, inMaintenance: true, alerts: [{ ...page, state: 'frozen' }] }] });
  expect(found[0]?.detail).toContain('A page since 14:26, 21 min, frozen while time is excluded.');
});

test('a rolling budget is on the clock when it runs out, and has no day on which it closes', () => {
  const window = { ...burning.budget.window, view: 'rolling' as const, endAt: NOW + 1 };
  const entries = nextOnClock([{ ...burning, budget: { ...burning.budget, window } }], NOW);
  expect(entries.map((entry) => entry.title)).toEqual(['Budget gone at this burn']);
});

test('a rolling budget has no day on which it starts anew', () => {
  const window = { ...burning.budget.window, view: 'rolling' as const, endAt: NOW };
  const rolling = { ...burning, budget: { ...burning.budget, window } };
  expect(needs({ slos: [rolling] })[0]?.detail).toBe(
    '0.63 of 21.6 min left. Only reliability fixes ship until old failures leave the window. Gone in 2 min at this burn.',
  );
});
