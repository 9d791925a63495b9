import type { Logger } from 'pino';
import { guardedLookup } from './adapters/metrics/http/address.ts';
import { createTextClient } from './adapters/metrics/http/fetch-text.ts';
import { createResilience, type ResilienceOptions } from './adapters/metrics/http/resilience.ts';
import { createEmailNotifier } from './adapters/notify/email.ts';
import { createLogNotifier } from './adapters/notify/log.ts';
import type { ChannelKind, HttpDoor, Notifier } from './adapters/notify/port.ts';
import { createSlackNotifier } from './adapters/notify/slack.ts';
import { createWebhookNotifier } from './adapters/notify/webhook.ts';
import type { Config } from './config.ts';
import type { AlertChannel } from './features/slo/service/alerts/deps.ts';

const MAX_ANSWER_BYTES = 65_536;

/** One attempt each: what failed comes again from the queue, minutes later, where no restart forgets it. */
const patience: ResilienceOptions = { timeoutMs: 10_000, retries: 0, retryAfterMs: 200, breakAfter: 5, restMs: 30_000 };

/** The ways out that are configured. */
export interface Notify {
  notifiers: ReadonlyMap<ChannelKind, Notifier>;
  /** The log where nothing else is configured. */
  alertChannels: readonly AlertChannel[];
  close(): Promise<void>;
}

type NotifyConfig = Pick<
  Config,
  | 'SLACK_WEBHOOK_URL'
  | 'ALERT_SLACK_CHANNEL'
  | 'ALERT_WEBHOOK_URL'
  | 'ALERT_WEBHOOK_SECRET'
  | 'SMTP_URL'
  | 'SMTP_FROM'
  | 'ALERT_EMAIL_TO'
>;

/** Chooses how messages leave. `options` shortens the patience of tests. */
export function openNotify(
  config: NotifyConfig,
  around: { log: Pick<Logger, 'warn' | 'info'>; now(): Date },
  options: Partial<ResilienceOptions> = {},
): Notify {
  const patient = { ...patience, ...options };
  const made: Notifier[] = [createLogNotifier(around.log)];
  const alertChannels: AlertChannel[] = [];
  if (config.SLACK_WEBHOOK_URL !== undefined) {
    const url = new URL(config.SLACK_WEBHOOK_URL);
    const channel = config.ALERT_SLACK_CHANNEL ?? null;
    made.push(createSlackNotifier({ url, channel, door: httpDoor(url, patient) }));
    alertChannels.push({ channel: 'slack', kind: 'slack', target: channel ?? url.host });
  }
  if (config.ALERT_WEBHOOK_URL !== undefined) {
    const url = new URL(config.ALERT_WEBHOOK_URL);
    const secret = config.ALERT_WEBHOOK_SECRET ?? null;
    const clock = (): number => around.now().getTime();
    made.push(createWebhookNotifier({ url, secret, door: httpDoor(url, patient), clock }));
    alertChannels.push({ channel: 'webhook', kind: 'webhook', target: url.host });
  }
  if (config.SMTP_URL !== undefined && config.SMTP_FROM !== undefined) {
    const url = new URL(config.SMTP_URL);
    const to = config.ALERT_EMAIL_TO ?? [];
    const guard = createResilience(url.host, patient);
    const timeoutMs = patient.timeoutMs;
    made.push(createEmailNotifier({ url, from: config.SMTP_FROM, to, guard, lookup: guardedLookup, timeoutMs }));
    for (const target of to) alertChannels.push({ channel: `email:${target}`, kind: 'email', target });
  }
  if (alertChannels.length === 0) alertChannels.push({ channel: 'log', kind: 'log', target: 'the log of the console' });
  return {
    notifiers: new Map(made.map((notifier) => [notifier.kind, notifier])),
    alertChannels,
    close: async () => void (await Promise.all(made.map((notifier) => notifier.close()))),
  };
}

function httpDoor(url: URL, patient: ResilienceOptions): HttpDoor {
  const client = createTextClient({ maxBytes: MAX_ANSWER_BYTES });
  const { run } = createResilience(url.host, patient);
  return { run, post: (request) => client.fetch(request), close: () => client.close() };
}
