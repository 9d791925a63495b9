import { DomainError } from '@qd/shared/errors';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { guardedLookup, sourceUrl, userLookup, type Lookup, type Ranges } from './adapters/metrics/http/address.ts';
import { createTextClient } from './adapters/metrics/http/fetch-text.ts';
import { createResilience, type ResilienceOptions } from './adapters/metrics/http/resilience.ts';
import { createEmailNotifier } from './adapters/notify/email.ts';
import { createLogNotifier } from './adapters/notify/log.ts';
import type { ChannelKind, HttpDoor, Notifier } from './adapters/notify/port.ts';
import { createSlackNotifier } from './adapters/notify/slack.ts';
import { createWebhookNotifier, type WebhookOptions } from './adapters/notify/webhook.ts';
import { receiverFault } from './config-notify.ts';
import type { Config } from './config.ts';
import type { AlertChannel } from './features/slo/service/alerts/deps.ts';

const MAX_ANSWER_BYTES = 65_536;
const MAX_HOSTS = 100;

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
  | 'NOTIFY_ALLOW_CIDRS'
>;

/** Chooses how messages leave. `options` shortens the patience of tests. */
export function openNotify(
  config: NotifyConfig,
  around: { log: Pick<Logger, 'warn' | 'info'>; now(): Date },
  options: Partial<ResilienceOptions> = {},
): Notify {
  const patient = { ...patience, ...options };
  const made: Notifier[] = [createLogNotifier(around.log)];
  let webhook: { url: URL | null; secret: string | null } = { url: null, secret: null };
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
    webhook = { url, secret };
    alertChannels.push({ channel: 'webhook', kind: 'webhook', target: url.host });
  }
  const doors = createDoors(patient, config.NOTIFY_ALLOW_CIDRS);
  made.push(createWebhookNotifier({ ...webhook, ...doors, clock: () => around.now().getTime() }));
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

/**
 * Doors to webhooks, one a host, the latest hundred. Consumers of keys name their own, which reach into the network of the console
 * only where that is allowed; the one of the configuration goes where it points.
 */
function createDoors(patient: ResilienceOptions, allowed: Ranges = []): Pick<WebhookOptions, 'doorTo' | 'close'> {
  const doors = new LRUCache<string, HttpDoor>({ max: MAX_HOSTS, dispose: (door) => door.close() });
  return {
    doorTo(url, { isNamedByUser }) {
      const { host, href } = sourceUrl(url.href);
      const fault = isNamedByUser ? receiverFault(href, allowed) : null;
      if (fault !== null) throw new DomainError('invalid', `The address of the webhook ${fault}.`);
      const lookup = isNamedByUser ? userLookup(allowed) : guardedLookup;
      const name = `${isNamedByUser ? 'named' : 'configured'} ${host}`;
      const door = doors.get(name) ?? httpDoor(url, patient, lookup);
      doors.set(name, door);
      return door;
    },
    close: () => doors.clear(),
  };
}

function httpDoor(url: URL, patient: ResilienceOptions, lookup: Lookup = guardedLookup): HttpDoor {
  const client = createTextClient({ maxBytes: MAX_ANSWER_BYTES, lookup });
  const { run } = createResilience(url.host, patient);
  return { run, post: (request) => client.fetch(request), close: () => client.close() };
}
