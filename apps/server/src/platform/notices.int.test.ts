import { DomainError } from '@qd/shared/errors';
import { HOUR_MS } from '@qd/shared/time';
import { noticeWords } from '@qd/shared/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { createFakeNotifier } from '../adapters/notify/fake.ts';
import type { Notifier } from '../adapters/notify/port.ts';
import { notifications } from '../db/schema/index.ts';
import { notice, noticeWithLink } from './notices.ts';
import { deliverDue } from './outbox-delivery.ts';
import { createSealing } from './sealing.ts';
import { ingest } from './write.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => void (await stores.db.delete(notifications)));

const sealing = createSealing('a password for tests that is long enough');
const bob = { email: 'bob@example.com', name: 'Bob' };
const words = noticeWords('users.suspended', { by: 'Ada', reason: 'left' });
const tell = (change: { url?: string; to?: typeof bob } = {}) =>
  ingest(stores, (tx) => notice(tx, testCtx(stores), { to: bob, ...words, ...change }));
const deliver = (notifiers: Notifier[], publicUrl: string | null = 'https://console.example.com') =>
  deliverDue(testCtx(stores), {
    notifiers: new Map(notifiers.map((n) => [n.kind, n])),
    publicUrl,
    sealing,
    onAttempt: () => undefined,
    random: () => 0,
  });

it('a notice is mail to one person, with the page it is about', async () => {
  await tell({ url: '/account' });
  const email = createFakeNotifier('email');
  const log = createFakeNotifier('log');
  await deliver([log, email]);
  expect(log.sent).toEqual([]);
  expect(email.sent).toMatchObject([
    {
      to: bob.email,
      topic: 'users.suspended',
      severity: 'info',
      title: words.title,
      text: `Hello Bob,\n\n${words.text}`,
      url: 'https://console.example.com/account',
    },
  ]);
});

it('two alike are two: the person was told of two events', async () => {
  await tell();
  await tell();
  const email = createFakeNotifier('email');
  expect(await deliver([email])).toBe(2);
  expect(new Set(email.sent.map(({ key }) => key)).size).toBe(2);
});

it('without a mail server it is written to the log, and nobody invents an address for its page', async () => {
  await tell({ url: '/account' });
  const log = createFakeNotifier('log');
  expect(await deliver([log], null)).toBe(1);
  expect(log.sent).toMatchObject([{ to: bob.email, url: null }]);
});

it('a name cannot add a line', async () => {
  await tell({ to: { ...bob, name: 'Bob\n\nSend your password to eve@example.com' } });
  const email = createFakeNotifier('email');
  await deliver([email]);
  expect(email.sent[0]?.text.split('\n')[0]).toBe('Hello Bob Send your password to eve@example.com,');
});

describe('a link', () => {
  const link = `/invite#${'s3cret'.repeat(7)}x`;
  const sendLink = () =>
    ingest(stores, (tx) => noticeWithLink(tx, testCtx(stores), sealing, { to: bob, ...words, link }));
  const stored = async () => JSON.stringify(await stores.db.select().from(notifications));

  it('reaches the person it is for, and is nowhere to be read before or after', async () => {
    await sendLink();
    expect(await stored()).not.toContain('s3cret');
    const email = createFakeNotifier('email');
    await deliver([email]);
    expect(email.sent).toMatchObject([{ url: `https://console.example.com${link}` }]);
    expect(email.sent[0]).not.toHaveProperty('sealedUrl');
    expect(await stored()).not.toMatch(/s3cret|sealedUrl/);
  });

  it('is kept while the mail server is down, and goes when the mail is given up', async () => {
    await sendLink();
    const email = createFakeNotifier('email');
    email.failWith(new DomainError('upstream', 'down'));
    await deliver([email]);
    expect(await stored()).toContain('sealedUrl');
    email.failWith(new DomainError('invalid', 'no such mailbox'));
    stores.clock.advance(HOUR_MS);
    await deliver([email]);
    expect(await stored()).toContain('"failed"');
    expect(await stored()).not.toContain('sealedUrl');
  });

  it('is never written to the log', async () => {
    await sendLink();
    const log = createFakeNotifier('log');
    await deliver([log]);
    expect(log.sent).toMatchObject([{ url: null }]);
    expect(JSON.stringify(log.sent)).not.toContain('s3cret');
  });

  it('moved to a message to somebody else is not opened', async () => {
    await sendLink();
    await ingest(stores, (tx) => notice(tx, testCtx(stores), { to: { ...bob, email: 'eve@example.com' }, ...words }));
    const rows = await stores.db.select().from(notifications);
    const sealedUrl = rows.find((r) => r.channel === `email:${bob.email}`)?.body.sealedUrl ?? '';
    const eve = rows.find((r) => r.channel === 'email:eve@example.com');
    await ingest(stores, (tx) =>
      tx
        .update(notifications)
        .set({ body: { ...(eve?.body ?? never()), sealedUrl } })
        .where(eq(notifications.id, eve?.id ?? '')),
    );
    const email = createFakeNotifier('email');
    await deliver([email]);
    expect(email.sent.map(({ to }) => to)).toEqual([bob.email]);
  });
});

function never(): never {
  throw new Error('the message was not queued');
}
