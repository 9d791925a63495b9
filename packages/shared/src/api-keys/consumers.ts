import { z } from 'zod';
import { hiddenCharacterAt, emailAddress, personName } from '../users/index.ts';
import { addressRanges, keyId } from './limits.ts';

/** Most consumers of a key and its successors. */
export const MAX_CONSUMERS = 50;

export const consumerChannels = ['email', 'slack', 'webhook'] as const;
export type ConsumerChannel = (typeof consumerChannels)[number];

const agent = z
  .string()
  .trim()
  .min(2, 'give at least 2 characters')
  .max(100, 'give at most 100 characters')
  .refine((text) => hiddenCharacterAt(text) === null, 'has a hidden character; type it again');

/** Who uses a key, whom to tell when it ends, and how its calls are told from others'. */
export const consumerFields = z.strictObject({
  name: personName,
  ownerName: personName,
  channel: z.enum(consumerChannels, 'use email, slack or webhook'),
  /** An e-mail address, a Slack channel like `#ops`, or an https address. */
  address: z.string().trim().min(1, 'is missing').max(500, 'is too long'),
  ranges: addressRanges.default([]),
  /** Beginnings of the user agent. */
  agents: z
    .array(agent)
    .max(20, 'give at most 20')
    .transform((agents) => [...new Set(agents)])
    .default([]),
});

type Fields = z.output<typeof consumerFields>;

/** A consumer whose address fits its channel; whether a webhook may be called is asked where it is stored. */
export const newConsumer = consumerFields.superRefine(checkAddress);
export type NewConsumer = z.output<typeof newConsumer>;

export const addConsumerInput = z.strictObject({ keyId, ...consumerFields.shape }).superRefine(checkAddress);
export type AddConsumerInput = z.output<typeof addConsumerInput>;

export const consumerId = z.string().regex(/^kco_[A-Za-z0-9_-]{1,60}$/, 'is no id of a consumer');
export const updateConsumerInput = z
  .strictObject({ id: consumerId, ...consumerFields.shape })
  .superRefine(checkAddress);
export type UpdateConsumerInput = z.output<typeof updateConsumerInput>;
export const removeConsumerInput = z.strictObject({ id: consumerId });

export const keyConsumersInput = z.strictObject({ keyId });

function checkAddress({ channel, address }: Pick<Fields, 'channel' | 'address'>, context: z.RefinementCtx): void {
  const fault = addressFault(channel, address);
  if (fault !== null) context.addIssue({ code: 'custom', path: ['address'], message: fault });
}

const webhook = z.url({ protocol: /^https?$/ });

/** What is wrong with an address for a channel, or null. */
export function addressFault(channel: ConsumerChannel, address: string): string | null {
  if (channel === 'email')
    return emailAddress.safeParse(address).success ? null : 'give an address like ops@example.com';
  if (channel === 'slack') return /^[#@]?[\w.-]{1,80}$/.test(address) ? null : 'give a channel like #ops';
  if (!webhook.safeParse(address).success) return 'give an address like https://example.com/hook';
  return /^https?:\/\/[^/?#]*@/i.test(address) ? 'must not hold a user name or password' : null;
}

/**
 * An address as it is shown to who may not change it, and kept in the log: of a webhook the server alone, for the rest of it is
 * often all that a sender needs to know.
 */
export function shownAddress(channel: ConsumerChannel, address: string): string {
  if (channel !== 'webhook') return address;
  return `${/^https?:\/\/[^/?#@\\]+(?=[/?#]|$)/i.exec(address)?.[0] ?? ''}/…`;
}

/** A consumer as screens show it; its address as `shownAddress` has it for who may not change it. Instants are epoch ms. */
export interface ConsumerView extends NewConsumer {
  id: string;
  createdAt: number;
  /** Calls of the last 24 h told as its own, with any key of the lineage; null: not told apart. */
  calls24h: number | null;
  lastCallAt: number | null;
}

/** A caller no consumer stands for. */
export interface UnnamedCaller {
  address: string;
  agent: string;
  calls24h: number;
  lastCallAt: number;
}

export interface ConsumersView {
  consumers: ConsumerView[];
  /** Of the last 24 h, the busiest first; at most 20. */
  unnamed: UnnamedCaller[];
  canChange: boolean;
  /** Instant the figures speak of. */
  asOf: number;
}
