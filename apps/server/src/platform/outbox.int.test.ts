import { DomainError } from '@qd/shared/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyText } from '../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { createFakeNotifier, type FakeNotifier } from '../adapters/notify/fake.ts';
import { channelStates } from '../db/queries/notifications.ts';
import { notifications } from '../db/schema/index.ts';
import { type Delivery, deliverDue, retryMs, thinNotifications } from './outbox-delivery.ts';
import { enqueue, type NotificationBody } from './outbox.ts';
import { createSealing } from './sealing.ts';
import { ingest } from './write.ts';

let stores: TestStores;
let slack: FakeNotifier;
let email: FakeNotifier;
let delivery: Delivery;
let attempts: string[];

const start = new Date('2026-11-21T12:00:00Z');
const down = new DomainError('upstream', 'Nobody listens there.');
const refused = new DomainError('invalid', 'The receiver does not know this message.');

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.delete(notifications);
  stores.clock.set(start);
  slack = createFakeNotifier('slack');
  email = createFakeNotifier('email');
  attempts = [];
  delivery = {
    notifiers: new Map([
      ['slack', slack],
      ['email', email],
    ]),
    publicUrl: 'https://console.example.com',
    sealing: createSealing('a password for tests that is long enough'),
    onAttempt: (kind, outcome) => void attempts.push(`${kind} ${outcome}`),
    random: () => 0.5,
  };
});

const body = (title: string): NotificationBody => ({
  topic: 'slo.alert_fired',
  severity: 'page',
  title,
  text: 'Burning.',
  url: null,
  platform: 'shop',
  details: { limit: 14.4 },
  at: start.toISOString(),
});
const queue = (channels: string[], key: string) =>
  ingest(stores, (tx) => enqueue(tx, [{ channels, body: body(key), dedupKey: key }], stores.clock.now()));
const deliver = () => deliverDue(testCtx(stores), delivery);
const all = () =>
  stores.db.select().from(notifications).orderBy(asc(notifications.dedupKey), asc(notifications.channel));

describe('a queued message', () => {
  it('goes out once on each channel, with its key and address', async () => {
    await queue(['slack', 'email:ops@example.com'], 'one');
    expect(await deliver()).toBe(2);
    expect(await deliver()).toBe(0);
    expect(slack.sent).toEqual([{ ...body('one'), key: 'one', to: null }]);
    expect(email.sent).toMatchObject([{ key: 'one', to: 'ops@example.com' }]);
    expect(await all()).toMatchObject([
      { channel: 'email:ops@example.com', status: 'sent', attempts: 1, sentAt: start, lastError: null },
      { channel: 'slack', status: 'sent' },
    ]);
    expect(attempts.toSorted()).toEqual(['email sent', 'slack sent']);
  });

  it('is queued once per channel, however often it is asked for', async () => {
    await queue(['slack'], 'same');
    await queue(['slack', 'email:ops@example.com'], 'same');
    expect(await deliver()).toBe(2);
    await queue(['slack'], 'same');
    expect(await deliver()).toBe(0);
  });

  it('does not go out when the change it speaks of was undone', async () => {
    const undone = ingest(stores, async (tx) => {
      await enqueue(tx, [{ channels: ['slack'], body: body('undone'), dedupKey: 'undone' }], start);
      throw new Error('afterwards');
    });
    await expect(undone).rejects.toThrow('afterwards');
    expect(await deliver()).toBe(0);
  });
});

it('earlier messages of a channel go out first', async () => {
  for (const key of ['first', 'second', 'third']) {
    await queue(['slack'], key);
    stores.clock.advance(1);
  }
  await deliver();
  expect(slack.sent.map(({ key }) => key)).toEqual(['first', 'second', 'third']);
});

describe('a message that fails', () => {
  it('comes again after one minute, two, four and so on, and then goes out', async () => {
    slack.failWith(down);
    await queue(['slack'], 'late');
    const pauses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      const at = stores.clock.now().getTime();
      await deliver();
      const [row] = await all();
      expect(row).toMatchObject({ status: 'queued', attempts: i + 1, lastError: 'Nobody listens there.' });
      pauses.push(((row?.nextAttemptAt.getTime() ?? 0) - at) / MINUTE_MS);
      stores.clock.set(new Date((row?.nextAttemptAt.getTime() ?? 0) - 1));
      expect(await deliver()).toBe(0);
      stores.clock.advance(1);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    slack.failWith(null);
    expect(await deliver()).toBe(1);
    expect(await all()).toMatchObject([{ status: 'sent', attempts: 9, lastError: null }]);
  });

  it('is given up after a day', async () => {
    slack.failWith(down);
    await queue(['slack'], 'hopeless');
    let steps = 0;
    for (; steps < 100; steps += 1) {
      await deliver();
      const [row] = await all();
      if (row?.status === 'failed') break;
      stores.clock.set(row?.nextAttemptAt ?? start);
    }
    expect(stores.clock.now().getTime() - start.getTime()).toBeGreaterThan(22 * HOUR_MS);
    expect(stores.clock.now().getTime() - start.getTime()).toBeLessThanOrEqual(DAY_MS);
    expect(attempts.at(-1)).toBe('slack failed');
  });

  it('is given up at once when the receiver will never take it, and makes no other wait', async () => {
    slack.failWith(refused, ({ key }) => key === 'b-poison');
    for (const key of ['a', 'b-poison', 'c']) await queue(['slack'], key);
    expect(await deliver()).toBe(2);
    expect(slack.sent.map(({ key }) => key).toSorted()).toEqual(['a', 'c']);
    expect((await all()).map(({ status }) => status)).toEqual(['sent', 'failed', 'sent']);
  });

  it('makes no other channel wait, and more of them than fit into one batch none of its own', async () => {
    slack.failWith(down);
    for (let i = 0; i < 50; i += 1) await queue(['slack'], `slack-${i}`);
    await queue(['email:ops@example.com'], 'mail');
    expect(await deliver()).toBe(1);
    expect(email.sent).toHaveLength(1);
    expect(attempts.filter((word) => word === 'slack retried')).toHaveLength(50);
  });

  it('is old news after a day in the queue, and is not sent', async () => {
    await queue(['slack'], 'old');
    stores.clock.advance(DAY_MS + 1);
    expect(await deliver()).toBe(0);
    expect(slack.sent).toEqual([]);
    expect(await all()).toMatchObject([{ status: 'failed' }]);
  });

  it('is given up when its channel is not configured any more', async () => {
    await queue(['webhook'], 'nowhere');
    await deliver();
    expect(await all()).toMatchObject([{ status: 'failed', lastError: 'The channel webhook is not configured.' }]);
  });
});

describe('several that send at once', () => {
  it('never send the same message twice', async () => {
    for (let i = 0; i < 60; i += 1) await queue(['slack'], `m-${i}`);
    const counts = await Promise.all([deliver(), deliver(), deliver()]);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(60);
    expect(new Set(slack.sent.map(({ key }) => key)).size).toBe(60);
    expect(slack.sent).toHaveLength(60);
  });

  it('take over what another left behind, and the outcome of a lost claim changes nothing', async () => {
    await queue(['slack'], 'left');
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const slow: Delivery = {
      ...delivery,
      notifiers: new Map([['slack', { ...slack, send: () => (begun.resolve(undefined), promise) }]]),
    };
    const first = deliverDue(testCtx(stores), slow);
    await begun.promise;
    expect(await deliver()).toBe(0);
    stores.clock.advance(6 * MINUTE_MS);
    expect(await deliver()).toBe(1);
    reject(down);
    await first;
    resolve(undefined);
    expect(await all()).toMatchObject([{ status: 'sent', attempts: 2 }]);
  });
});

describe('channels', () => {
  it('tell how they fare', async () => {
    await queue(['slack', 'email:ops@example.com'], 'a');
    await deliver();
    stores.clock.advance(MINUTE_MS);
    email.failWith(down);
    slack.failWith(refused);
    await queue(['slack', 'email:ops@example.com'], 'b');
    await deliver();
    const since = new Date(start.getTime() - DAY_MS);
    const names = ['slack', 'email:ops@example.com', 'webhook'];
    const states = await channelStates(stores.db, names, since);
    expect(states.get('slack')).toMatchObject({ lastSentAt: start, queued: 0, failed: 1, lastError: refused.message });
    expect(states.get('email:ops@example.com')).toMatchObject({ queued: 1, failed: 0, lastError: down.message });
    expect(states.has('webhook')).toBe(false);
    slack.failWith(null);
    stores.clock.advance(MINUTE_MS);
    await queue(['slack'], 'c');
    await deliver();
    expect((await channelStates(stores.db, names, since)).get('slack')).toMatchObject({ lastError: null });
  });

  it('forget messages after 30 days', async () => {
    await queue(['slack'], 'kept');
    stores.clock.advance(29 * DAY_MS);
    await thinNotifications(testCtx(stores));
    expect(await all()).toHaveLength(1);
    stores.clock.advance(2 * DAY_MS);
    await thinNotifications(testCtx(stores));
    expect(await all()).toEqual([]);
  });
});

it.each([
  [1, 0, 48_000],
  [1, 1, 72_000],
  [3, 0.5, 4 * MINUTE_MS],
  [500, 0.5, HOUR_MS],
])('after %d attempts with lot %d the pause is %d ms', (attempt, random, ms) => {
  expect(retryMs(attempt, random)).toBe(ms);
});

describe('a key somebody typed into a name or a reason', () => {
  it('does not leave with a message', async () => {
    const key = keyText();
    const typed = { ...body(`About ${key}`), text: `Reason: ${key}`, details: { reason: key, inner: [key] } };
    await ingest(stores, (tx) =>
      enqueue(tx, [{ channels: ['slack'], body: typed, dedupKey: 'typed' }], stores.clock.now()),
    );
    await deliver();
    expect(slack.sent).toHaveLength(1);
    expect(JSON.stringify([slack.sent, await all()])).not.toContain(key);
    expect(slack.sent[0]?.text).toBe(`Reason: ${key.slice(0, 'hsi_prod_key_a1B2c3D4'.length)}…`);
  });
});
