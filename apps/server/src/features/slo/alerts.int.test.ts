import { DomainError } from '@qd/shared/errors';
import { alertRules, sloDefinition } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeNotifier, type FakeNotifier } from '../../adapters/notify/fake.ts';
import { auditEvents, notifications, sloAlertEvents, sloAlerts, sloRevisions, slos } from '../../db/schema/index.ts';
import { deliverDue } from '../../platform/outbox-delivery.ts';
import { createSealing } from '../../platform/sealing.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { createSloJobs } from './jobs.ts';
import { applyCounts } from './queries/ingest.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloRouter } from './router.ts';
import { type AlertDeps, silentAlerts } from './service/alerts/deps.ts';
import { evaluateAllAlerts, thinAlertEvents } from './service/alerts/evaluate-alerts.ts';
import { createSloDeps } from './service/deps.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';
import { createSparkRows } from './service/spark-rows.ts';

let stores: TestStores;
let slack: FakeNotifier;
let deps: AlertDeps;

const start = Date.UTC(2026, 4, 20, 12);
const old = new Date(start - 10 * DAY_MS);
const channels: AlertDeps['channels'] = [
  { channel: 'slack', kind: 'slack', target: '#alerts' },
  { channel: 'email:ops@example.com', kind: 'email', target: 'ops@example.com' },
];

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.delete(notifications);
  await stores.db.delete(slos);
  slack = createFakeNotifier('slack');
  const email = createFakeNotifier('email');
  const notifiers: AlertDeps['notifiers'] = new Map([
    ['slack', slack],
    ['email', email],
  ]);
  deps = { ...silentAlerts, channels, notifiers, publicUrl: 'https://console.example.com' };
  stores.clock.set(new Date(start));
});

/** Adds minutes `[from, to)` after `start` to the counts, 1,000 events each, of which `bad(m)` failed. */
async function measure(slo: StoredObjective, [from, to]: [number, number], bad: (m: number) => number): Promise<void> {
  const base = minuteOf(start);
  const counts = Array.from({ length: to - from }, (_, i) => ({
    m: base + from + i,
    total: 1_000,
    bad: bad(from + i),
    observed: true,
  }));
  await stores.db.transaction((tx) => applyCounts(tx, [{ sliId: slo.sliId, counts }], horizonMinute(start)));
}

/** Lets the tick and then the alerts run at a minute after `start`; the alerts twice at once, as two replicas might. */
async function lookAt(minute: number, of: AlertDeps = deps): Promise<string[]> {
  stores.clock.set(new Date(start + minute * MINUTE_MS + 5_000));
  await refreshSummaries(testCtx(stores), { spark: createSparkRows() });
  const told = await Promise.all([evaluateAllAlerts(testCtx(stores), of), evaluateAllAlerts(testCtx(stores), of)]);
  expect(await evaluateAllAlerts(testCtx(stores), of)).toEqual([]);
  return told.flat().map(({ kind, transition, severity, tier }) => [kind, transition, severity, tier].join(' '));
}

const events = () => stores.db.select().from(sloAlertEvents).orderBy(asc(sloAlertEvents.at));
const queued = () => stores.db.select().from(notifications).orderBy(asc(notifications.createdAt));
const callerAs = (actor = actorWith('owner')) =>
  createCallerFactory(createSloRouter(createSloDeps({ openSource: () => null, alerts: deps })))(
    testCtx(stores, { actor }),
  );
const add = (slug: string, over = {}) => addObjective(stores.db, { slug, anchorAt: old, createdAt: old, ...over });

describe('the alerts of an objective', () => {
  it('fire, escalate, freeze on stale data, thaw and resolve: one event each, one message per channel', async () => {
    const slo = await add('checkout');
    const days = 4 * 1_440;
    // A little over the budget for days, then half of everything.
    await measure(slo, [-days, 0], (m) => (m % 2 === 0 ? 1 : 2));
    expect(await lookAt(0)).toEqual(['burn fired ticket long_term']);
    await measure(slo, [0, 6], () => 500);
    expect(await lookAt(6)).toEqual(['burn escalated page fast']);

    expect((await callerAs().list({})).rows.map(({ id, alerts }) => [id, alerts.length])).toEqual([[slo.id, 1]]);
    const shown = (await callerAs().get({ id: slo.id })).alerts;
    expect(shown).toMatchObject([{ kind: 'burn', state: 'firing', severity: 'page', firedAt: start + 5_000 }]);
    expect(shown[0]?.summary).toMatch(/^Burning \d+\.?\d* times the sustainable rate over 1 h and 5 min/);
    expect((await callerAs().list({})).rows[0]?.alerts).toEqual(shown);

    expect(await lookAt(17)).toEqual(['burn frozen page fast']);
    expect((await callerAs().alerts.list({})).rows).toMatchObject([
      { state: 'frozen', sloId: slo.id, platformId: 'shop' },
    ]);
    await measure(slo, [17, 20], () => 500);
    expect(await lookAt(20)).toEqual(['burn thawed page fast']);
    await measure(slo, [20, 20 + 7 * 60], () => 0);
    expect(await lookAt(20 + 7 * 60)).toEqual(['burn resolved page fast']);

    expect((await events()).map(({ transition }) => transition)).toEqual([
      'fired',
      'escalated',
      'frozen',
      'thawed',
      'resolved',
    ]);
    expect(await stores.db.select().from(sloAlerts)).toEqual([]);
    expect((await callerAs().get({ id: slo.id })).alerts).toEqual([]);
    const messages = await queued();
    expect(messages).toHaveLength(10);
    expect(
      messages.filter(({ channel }) => channel === 'slack').map(({ body }) => [body.topic, body.severity]),
    ).toEqual([
      ['slo.alert_fired', 'ticket'],
      ['slo.alert_escalated', 'page'],
      ['slo.alert_frozen', 'info'],
      ['slo.alert_thawed', 'info'],
      ['slo.alert_resolved', 'info'],
    ]);
    expect(messages[0]?.body).toMatchObject({
      title: 'checkout burns its budget (shop)',
      url: `https://console.example.com/slos/${slo.id}`,
      platform: 'shop',
    });
  });

  it('are told of silence once it lasts, as one message for many objectives alike', async () => {
    for (let i = 0; i < 5; i += 1) await measure(await add(`silent-${i}`), [-120, 0], () => 0);
    expect(await lookAt(10)).toEqual([]);
    expect(await lookAt(17)).toEqual(Array.from({ length: 5 }, () => 'absent fired ticket '));
    const messages = await queued();
    expect(messages.map(({ channel }) => channel).toSorted()).toEqual(['email:ops@example.com', 'slack']);
    expect(messages[0]?.body.title).toBe('5 objectives of shop: each is not measured');
    expect(messages[0]?.body.text.split('\n')).toHaveLength(5);
    expect(await events()).toHaveLength(5);
  });

  it('do not take an objective for silent that is measured from scratch since a moment ago', async () => {
    const slo = await add('rewritten');
    const definition = sloDefinition.parse({
      platform: 'shop',
      slug: 'rewritten',
      name: 'Rewritten',
      sourceId: slo.sourceId,
      indicator: { kind: 'push' },
      targetPercent: '99.9',
      windows: [{ kind: 'rolling', windowMs: 30 * DAY_MS }],
    });
    const revision = { sloId: slo.id, revision: 1, sliId: slo.sliId, definition, changedBy: 'A tester' };
    await stores.db.insert(sloRevisions).values({ ...revision, changedAt: new Date(start) });
    expect(await lookAt(14)).toEqual([]);
    expect(await lookAt(16)).toEqual(['absent fired ticket ']);
  });

  it('are evaluated and shown, and sent nowhere, in the demo and where they are muted', async () => {
    const muted = await add('muted');
    await stores.db
      .update(slos)
      .set({ alerting: alertRules.parse({ isMuted: true }) })
      .where(eq(slos.id, muted.id));
    const demo = await add('demo');
    await stores.db.update(slos).set({ isDemo: true }).where(eq(slos.id, demo.id));
    for (const slo of [muted, demo]) await measure(slo, [-120, 0], () => 500);
    expect(await lookAt(0)).toHaveLength(2);
    expect((await callerAs().alerts.list({})).rows).toHaveLength(2);
    expect((await events()).map(({ isDemo }) => String(isDemo)).toSorted()).toEqual(['false', 'true']);
    expect(await queued()).toEqual([]);
  });

  it('end with an objective that is archived', async () => {
    const slo = await add('archived');
    await measure(slo, [-120, 0], () => 500);
    expect(await lookAt(0)).toEqual(['burn fired page fast']);
    await stores.db
      .update(slos)
      .set({ archivedAt: new Date(start) })
      .where(eq(slos.id, slo.id));
    expect((await callerAs().alerts.list({})).rows).toEqual([]);
    expect(await lookAt(1)).toEqual(['burn resolved page fast']);
    expect(await stores.db.select().from(sloAlerts)).toEqual([]);
  });

  it('are neither lost nor told twice when the console dies in between', async () => {
    const slo = await add('crash');
    await measure(slo, [-120, 0], () => 500);
    await refreshSummaries(testCtx(stores), { spark: createSparkRows() });
    const dying: AlertDeps = {
      ...deps,
      get publicUrl(): string {
        throw new Error('the power went out');
      },
    };
    await expect(evaluateAllAlerts(testCtx(stores), dying)).rejects.toThrow('the power went out');
    expect(await stores.db.select().from(sloAlerts)).toEqual([]);
    expect(await events()).toEqual([]);
    expect(await evaluateAllAlerts(testCtx(stores), deps)).toHaveLength(1);
    expect(await queued()).toHaveLength(2);
  });

  it('are counted, published and offered to others after they were stored', async () => {
    const slo = await add('offered');
    await measure(slo, [-120, 0], () => 500);
    await refreshSummaries(testCtx(stores), { spark: createSparkRows() });
    const counted: unknown[] = [];
    const heard: string[] = [];
    const all = createSloDeps({
      openSource: () => null,
      alerts: { ...deps, onCounted: (counts) => void counted.push(counts) },
    });
    const jobs = createSloJobs(all, async (ctx, told) => {
      const stored = await ctx.db.select().from(sloAlertEvents);
      heard.push(...told.map(({ id }) => String(stored.some((event) => event.id === id))));
    });
    const job = jobs.find(({ name }) => name === 'slo.evaluate_alerts');
    const ctx = testCtx(stores);
    await job?.run(ctx);
    expect(heard).toEqual(['true']);
    expect(counted).toEqual([{ firing: 1, frozen: 0 }]);
    expect(ctx.hub.published).toEqual(['slo']);
  });

  it('are forgotten after 13 months, those that fire excepted', async () => {
    const slo = await add('long-ago');
    await measure(slo, [-120, 0], () => 500);
    await lookAt(0);
    stores.clock.advance(402 * DAY_MS);
    await thinAlertEvents(testCtx(stores));
    expect(await events()).toHaveLength(1);
    stores.clock.advance(2 * DAY_MS);
    await thinAlertEvents(testCtx(stores));
    expect(await events()).toEqual([]);
    expect(await stores.db.select().from(sloAlerts)).toHaveLength(1);
  });

  it('reach people through the queue', async () => {
    await measure(await add('sent'), [-120, 0], () => 500);
    await lookAt(0);
    const delivery = {
      notifiers: deps.notifiers,
      publicUrl: null,
      sealing: createSealing('x'),
      onAttempt: () => undefined,
      random: () => 0,
    };
    expect(await deliverDue(testCtx(stores), delivery)).toBe(2);
    expect(slack.sent).toMatchObject([{ severity: 'page', topic: 'slo.alert_fired', to: null }]);
  });
});

describe('who sees alerts', () => {
  it('sees those of platforms with slo:read, narrowed to a platform or an objective, in pages', async () => {
    const shop = await add('front');
    const bank = await add('vault', { platform: 'bank' });
    for (const slo of [shop, bank]) await measure(slo, [-120, 0], () => 500);
    await lookAt(0);
    for (const slo of [shop, bank]) await measure(slo, [0, 8 * 60], () => 0);
    await lookAt(8 * 60);
    await measure(shop, [8 * 60, 8 * 60 + 10], () => 500);
    await lookAt(8 * 60 + 10);
    const stakeholder = callerAs(actorWith('stakeholder', 'bank'));
    expect((await stakeholder.alerts.list({})).rows).toEqual([]);
    expect((await stakeholder.alerts.events({})).rows.map(({ sloId }) => sloId)).toEqual([bank.id, bank.id]);
    expect((await stakeholder.alerts.events({ slo: shop.id })).rows).toEqual([]);
    expect((await stakeholder.alerts.events({ platform: 'shop' })).rows).toEqual([]);
    const owner = callerAs();
    expect((await owner.alerts.list({ platform: 'shop' })).rows).toMatchObject([{ sloName: 'front' }]);
    expect((await owner.alerts.list({ slo: bank.id })).rows).toEqual([]);
    const [first, all] = [await owner.alerts.events({ limit: 2 }), (await owner.alerts.events({})).rows];
    expect(all).toHaveLength(5);
    expect(first.rows).toEqual(all.slice(0, 2));
    const second = await owner.alerts.events({ limit: 3, cursor: first.nextCursor ?? '' });
    expect(second).toEqual({ rows: all.slice(2), nextCursor: null });
    await expect(owner.alerts.events({ cursor: 'nonsense' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('channels', () => {
  it('are shown and tried by those who may change settings, and each trial is recorded', async () => {
    const owner = callerAs();
    expect((await owner.alerts.channels()).rows).toMatchObject([
      {
        channel: 'slack',
        kind: 'slack',
        target: '#alerts',
        lastSentAt: null,
        lastError: null,
        queued: 0,
        failed24h: 0,
      },
      { channel: 'email:ops@example.com', target: 'ops@example.com' },
    ]);
    await owner.alerts.testChannel({ channel: 'slack' });
    expect(slack.sent).toMatchObject([{ topic: 'slo.channel_test', severity: 'info' }]);
    slack.failWith(new DomainError('upstream', 'Slack answered 503.'));
    await expect(owner.alerts.testChannel({ channel: 'slack' })).rejects.toThrow('Slack answered 503.');
    await expect(owner.alerts.testChannel({ channel: 'webhook' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const trail = await stores.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, 'slo.channel_tested'))
      .orderBy(auditEvents.seq);
    expect(trail.map(({ status }) => status)).toEqual(['success', 'failure']);
    await expect(callerAs(actorWith('commander')).alerts.channels()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const ofOne = callerAs(actorWith('admin', 'shop'));
    await expect(ofOne.alerts.testChannel({ channel: 'slack' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

it('time alone makes figures old: the tick stands still, and the alert freezes', async () => {
  await measure(await add('standing'), [-120, 0], () => 500);
  await lookAt(0);
  stores.clock.set(new Date(start + HOUR_MS));
  const told = await evaluateAllAlerts(testCtx(stores), { ...deps, watchedSince: start });
  expect(told.map(({ kind, transition }) => `${kind} ${transition}`)).toEqual(['burn frozen', 'absent fired']);
});
