import { isIP } from 'node:net';
import { z } from 'zod';
import { isRefused, isRefusedToUsers, type Ranges } from './adapters/metrics/http/address.ts';
import { parseCidrs } from './config-cidr.ts';
import { type ConfigFault, url, variable } from './config-variable.ts';

const web = ['http:', 'https:'] as const;
const address = z.email('give addresses like ops@example.com');

/** A URL of a server messages are sent to: not at an address that may not be called. */
function receiver(protocols: readonly string[], example: string) {
  return url(protocols, example).refine((text) => !pointsTo(text, isRefused), refusedWords);
}

const refusedWords = 'points to an address that may not be called, such as that of a metadata service';

/**
 * Why messages may not be sent to an address a user names, or null: inside the network of the console only `allowed` ranges are.
 * Names are checked again when they are resolved.
 */
export function receiverFault(text: string, allowed: Ranges): string | null {
  if (!pointsTo(text, (address) => isRefusedToUsers(address, allowed))) return null;
  return 'points into the network of the console; whoever runs it names the ranges that may be called in NOTIFY_ALLOW_CIDRS';
}

function pointsTo(text: string, isRefusedHere: (address: string) => boolean): boolean {
  if (!URL.canParse(text)) return false;
  const host = new URL(text).hostname.replaceAll(/^\[|\]$/g, '');
  const address = /^(?:.+\.)?localhost\.?$/.test(host) ? '127.0.0.1' : host;
  return isIP(address) !== 0 && isRefusedHere(address);
}

const addresses = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(address).min(1, 'give at least one address').max(20, 'give at most 20 addresses'));

/** Variables of the ways messages leave the console. */
export const notifyVariables = {
  SLACK_WEBHOOK_URL: variable(
    receiver(web, 'https://hooks.slack.com/services/T0/B0/secret').optional(),
    'none',
    'Slack incoming webhook that alerts are posted to.',
  ),
  ALERT_SLACK_CHANNEL: variable(
    z
      .string()
      .regex(/^[#@]?[\w.-]{1,80}$/, 'give a channel like #alerts')
      .optional(),
    'that of the webhook',
    'Slack channel for alerts, where the workspace lets a webhook choose.',
  ),
  ALERT_WEBHOOK_URL: variable(
    receiver(web, 'https://example.com/alerts').optional(),
    'none',
    'Address that alerts are posted to as JSON.',
  ),
  ALERT_WEBHOOK_SECRET: variable(
    z.string().min(16, 'use at least 16 characters, e.g. from `openssl rand -base64 24`').optional(),
    'none',
    'Signs the posts with HMAC-SHA256, in `X-Quarterdeck-Signature`.',
  ),
  SMTP_URL: variable(
    receiver(['smtp:', 'smtps:'], 'smtps://user:password@mail.example.com').optional(),
    'none',
    'Mail server; with a password only over TLS.',
  ),
  SMTP_FROM: variable(
    z
      .union([address, z.string().regex(/^[^<>\r\n]{1,100}<[^<>@\s]+@[^<>@\s]+>$/)], {
        error: 'give a sender like Quarterdeck <console@example.com>',
      })
      .optional(),
    'none',
    'Sender of mail. Required with SMTP_URL.',
  ),
  ALERT_EMAIL_TO: variable(addresses.optional(), 'none', 'Comma-separated addresses that get alerts by mail.'),
  NOTIFY_ALLOW_CIDRS: variable(
    z.string().transform(parseCidrs).optional(),
    'none',
    'Comma-separated CIDR ranges inside your network that webhooks of consumers may point to; others must be public.',
  ),
} as const;

type Name = keyof typeof notifyVariables;

/** Variables that mean nothing without another. */
const needs: [name: Name, needed: Name, message: string][] = [
  ['ALERT_SLACK_CHANNEL', 'SLACK_WEBHOOK_URL', 'needs SLACK_WEBHOOK_URL'],
  ['ALERT_WEBHOOK_SECRET', 'ALERT_WEBHOOK_URL', 'needs ALERT_WEBHOOK_URL'],
  ['ALERT_EMAIL_TO', 'SMTP_URL', 'needs SMTP_URL'],
];

/** Faults of variables that stand alone but do not go together; those named in `known` are not named again. */
export function notifyFaults(values: Record<string, unknown>, known: readonly ConfigFault[]): ConfigFault[] {
  const isSet = (name: Name): boolean => values[name] !== undefined || isKnown(name);
  const isKnown = (name: string): boolean => known.some((fault) => fault.name === name);
  const faults = needs
    .filter(([name, needed]) => values[name] !== undefined && !isSet(needed))
    .map(([name, , message]): ConfigFault => ({ name, message }));
  if (values['SMTP_URL'] !== undefined && !isSet('SMTP_FROM')) {
    faults.push({ name: 'SMTP_FROM', message: 'is required with SMTP_URL; give a sender like console@example.com' });
  }
  return faults;
}
