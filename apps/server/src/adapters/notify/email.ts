import { createHash } from 'node:crypto';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Guard, Notifier, OutgoingMessage } from './port.ts';

export interface EmailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: URL;
  from: string;
  /** Who gets messages that name nobody. */
  to: readonly string[];
  guard: Guard;
  /** Resolves the server's name, and fails for addresses that may not be called. */
  lookup: LookupFunction;
  timeoutMs: number;
}

const SMTP_PORT = 587;
const SMTPS_PORT = 465;

/** Sends messages as plain text over SMTP, with TLS where the server offers it, and only so with a password. */
export function createEmailNotifier(options: EmailOptions): Notifier {
  const { url, from, to, guard, timeoutMs } = options;
  const secure = url.protocol === 'smtps:';
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? SMTPS_PORT : SMTP_PORT) : Number(url.port);
  const user = decodeURIComponent(url.username);
  const transport = createTransport({
    host,
    port,
    secure,
    // A password never travels in the clear.
    requireTLS: user !== '',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, done) => {
      dial({ host, port, timeoutMs, lookup: options.lookup }).then(
        (connection) => done(null, { connection }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
      );
    },
  });
  return {
    kind: 'email',
    send: (message) =>
      guard.run(async () => {
        const receivers = message.to === null ? [...to] : [message.to];
        try {
          await transport.sendMail({ from, to: receivers, ...mailOf(message, host) });
        } catch (error) {
          throw asDomainError(error, host);
        }
      }),
    close: async () => transport.close(),
  };
}

function dial(target: { host: string; port: number; timeoutMs: number; lookup: LookupFunction }): Promise<Socket> {
  const { host, port, timeoutMs, lookup } = target;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function mailOf(message: OutgoingMessage, host: string): { subject: string; text: string; messageId: string } {
  const { key, severity, title, text, url, platform, at } = message;
  const foot = [platform === null ? null : `Platform: ${platform}`, `Time: ${at}`, url].filter((line) => line !== null);
  // Servers and readers drop a second message of the same id.
  const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const prefix = severity === 'info' ? '' : `[${severity}] `;
  return {
    subject: oneLine(`${prefix}${title}`),
    text: `${text}\n\n${foot.join('\n')}\n`,
    messageId: `<${id}@${host.includes(':') ? 'quarterdeck' : host}>`,
  };
}

function oneLine(text: string): string {
  // Control characters would end the header.
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}

/** Refusals of this message or its receiver; whatever else goes wrong may be put right. */
const ofMessage = new Set(['EENVELOPE', 'EMESSAGE']);

function asDomainError(error: unknown, host: string): DomainError {
  const {
    code = '',
    responseCode = 0,
    message = String(error),
  }: Partial<NodemailerError> = error instanceof Error ? error : {};
  const isHopeless = ofMessage.has(code) && (responseCode === 0 || responseCode >= 500);
  const words = `The mail server ${host} did not take the message: ${message.replaceAll(/\s+/g, ' ').slice(0, 200)}.`;
  return new DomainError(isHopeless ? 'invalid' : 'upstream', words, { cause: error });
}
