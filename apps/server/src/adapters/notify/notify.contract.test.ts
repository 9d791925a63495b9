import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { DomainError } from '@qd/shared/errors';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { localhostCertificate } from '../../../test/localhost-certificate.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { readConfig, type Config } from '../../config.ts';
import { openNotify, type Notify } from '../../open-notify.ts';
import { type Behaviour, messageOf, notifierContract, type NotifierUnderTest, type Received } from './contract.ts';
import { createFakeNotifier } from './fake.ts';
import type { ChannelKind, Notifier } from './port.ts';

const SECRET = 'a-secret-nobody-may-read';
const now = new Date('2026-11-21T12:00:00Z');
const breakAfter = 100;
/** Longer than any receiver here takes on a busy machine, but for one that never answers. */
const PATIENT_MS = 30_000;
const IMPATIENT_MS = 300;

function configured(env: Record<string, string>): Config {
  const read = readConfig(env);
  if ('faults' in read) throw new Error(JSON.stringify(read.faults));
  return read.config;
}

function opened(
  env: Record<string, string>,
  kind: ChannelKind,
  timeoutMs = PATIENT_MS,
): { notify: Notify; notifier: Notifier } {
  const notify = openNotify(configured(env), { log: silentLog, now: () => now }, { timeoutMs, breakAfter });
  const notifier = notify.notifiers.get(kind);
  if (notifier === undefined) throw new Error(`${kind} was not opened`);
  return { notify, notifier };
}

/** A patient and an impatient way to one receiver; `stop` ends the receiver once both are closed. */
function bothWays(env: Record<string, string>, kind: ChannelKind, stop: () => Promise<void>) {
  const [patient, impatient] = [opened(env, kind), opened(env, kind, IMPATIENT_MS)];
  return {
    notifier: patient.notifier,
    impatient: impatient.notifier,
    close: async (): Promise<void> => {
      await Promise.all([patient.notify.close(), impatient.notify.close()]);
      await stop();
    },
  };
}

interface Post {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that takes posts and behaves as told; `gone` closes it, and what follows opens it again on its port. */
async function postOffice(onPost: (post: Post) => void) {
  let how: Behaviour = 'takes';
  const open = () =>
    createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        if (how === 'hangs') return;
        if (how === 'takes')
          onPost({ path: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString() });
        res.writeHead(how === 'takes' ? 200 : how === 'refuses' ? 400 : 503).end(how === 'takes' ? 'ok' : 'no');
      });
    });
  let server = open();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    async behave(next: Behaviour) {
      if (next === 'gone') await stop();
      else if (how === 'gone') {
        server = open();
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      }
      how = next;
    },
  };
}

async function webhook(): Promise<NotifierUnderTest & { posts: Post[] }> {
  const posts: Post[] = [];
  const received: Received[] = [];
  const office = await postOffice((post) => {
    posts.push(post);
    const key = post.headers['idempotency-key'];
    received.push({ text: valuesOf(JSON.parse(post.body)), key: typeof key === 'string' ? key : null, to: '' });
  });
  const env = { ALERT_WEBHOOK_URL: `${office.url}/hook?token=${SECRET}`, ALERT_WEBHOOK_SECRET: SECRET };
  const ways = bothWays(env, 'webhook', office.stop);
  return { ...ways, received, posts, behave: office.behave, secrets: [SECRET] };
}

/** Every text in a document, one after the other. */
function valuesOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value !== null && typeof value === 'object' ? Object.values(value).map(valuesOf).join('\n') : '';
}

notifierContract('webhook', webhook);

notifierContract('Slack', async () => {
  const received: Received[] = [];
  const office = await postOffice(({ body }) => received.push({ text: valuesOf(JSON.parse(body)), key: null, to: '' }));
  const ways = bothWays({ SLACK_WEBHOOK_URL: `${office.url}/services/${SECRET}` }, 'slack', office.stop);
  return { ...ways, received, behave: office.behave, secrets: [SECRET] };
});

const plain: SMTPServerOptions = { disabledCommands: ['STARTTLS'] };

async function mailbox(onMail: (mail: string, to: string[]) => void, options: SMTPServerOptions = plain) {
  let how: Behaviour = 'takes';
  const open = () =>
    new SMTPServer({
      authOptional: true,
      ...options,
      onRcptTo: (_address, _session, done) => {
        if (how === 'hangs') return;
        if (how === 'takes') return done();
        done(Object.assign(new Error('no'), { responseCode: how === 'refuses' ? 550 : 451 }));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          onMail(
            Buffer.concat(chunks).toString('utf8'),
            session.envelope.rcptTo.map(({ address }) => address),
          );
          done();
        });
      },
    }).on('error', () => undefined);
  let server = open();
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop,
    async behave(next: Behaviour) {
      if (next === 'gone') await stop();
      else if (how === 'gone') {
        server = open();
        await once(server.listen(port, '127.0.0.1'), 'listening');
      }
      how = next;
    },
  };
}

/** Headers and text of a mail as a reader shows them. */
function readable(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const unfolded = head.replaceAll(/\r\n[ \t]/g, ' ');
  const words = unfolded.replaceAll(/=\?UTF-8\?(B|Q)\?([^?]*)\?=( (?==\?))?/gi, (_all, how: string, text: string) =>
    how.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : quoted(text.replaceAll('_', ' ')),
  );
  const body = rest.join('\r\n\r\n');
  const isBase64 = /content-transfer-encoding: base64/i.test(head);
  return `${words}\n\n${isBase64 ? Buffer.from(body, 'base64').toString() : quoted(body.replaceAll('=\r\n', ''))}`;
}

function quoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

async function email(): Promise<NotifierUnderTest & { mails: string[] }> {
  const mails: string[] = [];
  const received: Received[] = [];
  const box = await mailbox((mail, to) => {
    mails.push(mail);
    received.push({ text: readable(mail), key: /^message-id: (.*)$/im.exec(mail)?.[1] ?? null, to: to.join(' ') });
  });
  const env = {
    SMTP_URL: box.url,
    SMTP_FROM: 'Quarterdeck <console@example.com>',
    ALERT_EMAIL_TO: 'a@example.com,b@example.com',
  };
  const ways = bothWays(env, 'email', box.stop);
  return { ...ways, received, mails, behave: box.behave, secrets: [] };
}

notifierContract('email', email);

notifierContract('fake', async () => {
  const fake = createFakeNotifier();
  const received: Received[] = [];
  const failures: Partial<Record<Behaviour, DomainError>> = {
    refuses: new DomainError('invalid', 'no'),
    busy: new DomainError('upstream', 'busy'),
    hangs: new DomainError('upstream', 'no answer'),
    gone: new DomainError('upstream', 'nobody listens'),
  };
  const notifier: Notifier = {
    ...fake,
    send: async (message) => {
      await fake.send(message);
      received.push({ text: valuesOf(message), key: message.key, to: message.to ?? '' });
    },
  };
  const behave = (how: Behaviour): void => fake.failWith(failures[how] ?? null);
  return { notifier, impatient: notifier, received, behave, secrets: [], close: () => fake.close() };
});

test('a webhook with a secret is signed over the instant and the body', async () => {
  const under = await webhook();
  await under.notifier.send(messageOf());
  const [post] = under.posts;
  const seconds = now.getTime() / 1_000;
  const expected = createHmac('sha256', SECRET)
    .update(`${seconds}.${post?.body ?? ''}`)
    .digest('hex');
  expect(post?.headers['x-quarterdeck-signature']).toBe(`t=${seconds},v1=${expected}`);
  expect(post?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(post?.body ?? '')).toMatchObject({
    version: 1,
    topic: 'slo.alert_fired',
    details: { limit: 14.4 },
  });
  await under.close();
});

test('a webhook a user names reaches into the network only where that is allowed, and nothing of what it says is kept', async () => {
  const office = await postOffice(() => undefined);
  const to = messageOf({ to: `${office.url}/hook` });
  const shut = opened({ ALERT_WEBHOOK_URL: office.url }, 'webhook');
  await expect(shut.notifier.send(to)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/into the network/),
  });
  const named = messageOf({ to: to.to?.replace('127.0.0.1', 'localhost') ?? null });
  await expect(shut.notifier.send(named)).rejects.toMatchObject({ code: 'invalid' });
  await shut.notifier.send(messageOf());
  const open = opened({ NOTIFY_ALLOW_CIDRS: '127.0.0.0/8' }, 'webhook');
  await open.notifier.send(to);
  await office.behave('refuses');
  await expect(open.notifier.send(to)).rejects.toMatchObject({
    message: expect.stringMatching(/answered 400: it refuses the message\.$/),
  });
  await expect(shut.notifier.send(messageOf())).rejects.toMatchObject({
    message: expect.stringMatching(/answered 400: no\.$/),
  });
  await Promise.all([shut.notify.close(), open.notify.close()]);
  await office.stop();
});

test('a redirect is not followed', async () => {
  let asked = 0;
  const server = createServer((_req, res) => {
    asked += 1;
    res.writeHead(307, { location: '/elsewhere' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { notify, notifier } = opened({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/` }, 'webhook');
  await expect(notifier.send(messageOf())).rejects.toMatchObject({ code: 'upstream' });
  expect(asked).toBe(1);
  await notify.close();
  server.close();
  await once(server, 'close');
});

test('Slack sees no mention, link or entity in a text', async () => {
  const bodies: string[] = [];
  const office = await postOffice(({ body }) => bodies.push(body));
  const env = { SLACK_WEBHOOK_URL: office.url, ALERT_SLACK_CHANNEL: '#alerts' };
  const { notify, notifier } = opened(env, 'slack');
  await notifier.send(messageOf({ text: '<!channel> & <https://x|y>' }));
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    channel: '#alerts',
    blocks: [{}, { text: { text: '&lt;!channel&gt; &amp; &lt;https://x|y&gt;' } }, {}],
  });
  await notify.close();
  await office.stop();
});

test('Slack gets no half characters where a text is cut off', async () => {
  const bodies: string[] = [];
  const office = await postOffice(({ body }) => bodies.push(body));
  const { notify, notifier } = opened({ SLACK_WEBHOOK_URL: office.url }, 'slack');
  for (const filler of ['🚢', '<', 'x🚢']) {
    await notifier.send(messageOf({ title: filler.repeat(200), text: filler.repeat(3_000) }));
    const { text, blocks } = JSON.parse(bodies.at(-1) ?? '') as { text: string; blocks: { text: { text: string } }[] };
    for (const shown of [text, blocks[0]?.text.text ?? '', blocks[1]?.text.text ?? '']) {
      expect(shown.isWellFormed()).toBe(true);
      expect(shown).toMatch(/(🚢|x|&lt;|<)…$/);
      expect(shown.length).toBeLessThanOrEqual(2_900);
    }
  }
  await notify.close();
  await office.stop();
});

test('mail goes to whom it names, else to everyone configured, and a name in a title adds nobody', async () => {
  const under = await email();
  await under.notifier.send(messageOf({ title: 'x\r\nBcc: evil@example.com' }));
  await under.notifier.send(messageOf({ to: 'c@example.com' }));
  expect(under.received.map(({ to }) => to)).toEqual(['a@example.com b@example.com', 'c@example.com']);
  expect(under.mails[0]).not.toMatch(/^bcc:/im);
  await under.close();
});

describe('mail over TLS', () => {
  const auth: SMTPServerOptions = {
    ...localhostCertificate,
    onAuth: ({ username, password }, _session, done) =>
      password === SECRET ? done(null, { user: username }) : done(new Error('no')),
  };
  const trusted = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(trusted));

  const sendOver = async (protocol: 'smtp' | 'smtps', password: string): Promise<{ mails: number; error: unknown }> => {
    let mails = 0;
    const box = await mailbox(() => (mails += 1), protocol === 'smtps' ? { ...auth, secure: true } : auth);
    const { port } = new URL(box.url);
    const url = `${protocol}://user:${password}@localhost:${port}`;
    const env = { SMTP_URL: url, SMTP_FROM: 'console@example.com', ALERT_EMAIL_TO: 'a@example.com' };
    const { notify, notifier } = opened(env, 'email');
    const error: unknown = await notifier.send(messageOf()).then(
      () => null,
      (failure: unknown) => failure,
    );
    await notify.close();
    await box.stop();
    return { mails, error };
  };

  test.each(['smtp', 'smtps'] as const)(
    '%s: goes out with the right password to a server that is trusted',
    async (protocol) => {
      setDefaultCACertificates([...trusted, localhostCertificate.cert]);
      expect(await sendOver(protocol, SECRET)).toEqual({ mails: 1, error: null });
      expect(await sendOver(protocol, 'wrong')).toMatchObject({ mails: 0, error: { code: 'upstream' } });
    },
  );

  test.each(['smtp', 'smtps'] as const)('%s: a server nobody vouches for gets nothing', async (protocol) => {
    const { mails, error } = await sendOver(protocol, SECRET);
    expect(mails).toBe(0);
    expect(error).toMatchObject({ code: 'upstream' });
    expect(String(error)).not.toContain(SECRET);
  });
});

test('a password is not sent to a mail server without TLS', async () => {
  const box = await mailbox(() => undefined);
  const env = {
    SMTP_URL: box.url.replace('//', `//user:${SECRET}@`),
    SMTP_FROM: 'console@example.com',
    ALERT_EMAIL_TO: 'a@example.com',
  };
  const { notify, notifier } = opened(env, 'email');
  const error: unknown = await notifier.send(messageOf()).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'upstream' });
  expect(String(error)).not.toContain(SECRET);
  await notify.close();
  await box.stop();
});
