import { createKeyInput, importKeyInput, type KeyLimitsView, type NewConsumer } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Command } from 'commander';
import { createKey, createKeyForClaim } from '../../features/api-keys/service/create/create.ts';
import { importKey } from '../../features/api-keys/service/create/import.ts';
import { findPerson } from '../../features/api-keys/service/create/options.ts';
import { keyLimits } from '../../features/api-keys/service/limits.ts';
import { checked } from '../input.ts';
import { printResult } from '../io.ts';
import type { CliConsole, CliTools } from '../tools.ts';

interface Given {
  platform?: string;
  environment: string;
  scope?: string[];
  days?: string;
  owner?: string;
  ip?: string[];
  rate?: string;
  consumer?: string[];
  copyFrom?: string;
  claim?: string;
  import?: string;
  out?: string;
  json?: boolean;
}

/** `qd keys create`: a key shown once, drawn by somebody else through a link, or made elsewhere. */
export function addCreate(keys: Command, tools: CliTools): void {
  keys
    .command('create <name>')
    .description('Create a key and print it, this once')
    .option('--platform <platform>', 'platform it may act on, * for all')
    .option('--scope <scope...>', 'scopes of the platform like miners:read, or of the console like slo:read')
    .option('--environment <environment>', 'prod, staging, dev or test', 'prod')
    .option('--days <n>', 'days until it expires; the policy of the platform bounds them')
    .option('--owner <email>', 'person it acts for; without one it is a service of its own')
    .option('--ip <range...>', 'only from these ranges, like 203.0.113.0/24')
    .option('--rate <n>', 'calls a minute, at most')
    .option(
      '--consumer <text...>',
      'who uses it, as NAME,OWNER,CHANNEL,ADDRESS; the channel is email, slack or webhook',
    )
    .option('--copy-from <id>', 'take platform, scopes, limits and consumers of another key, where none are given')
    .option('--claim <email>', 'make a link by which this recipient draws the key; nobody else sees it')
    .option('--import <text>', 'take in a key made elsewhere; - reads it from the standard input')
    .option('--out <file>', 'write the key to a new file only its owner may read, instead of printing it')
    .option('--json', 'print JSON')
    .action(async (name: string, given: Given) => {
      const opened = await tools.open();
      const wish = await wishOf(opened, name, given);
      if (given.import !== undefined) return bringIn(tools, opened, { wish, given, text: given.import });
      return given.claim === undefined
        ? show(tools, opened, wish, given)
        : send(tools, opened, { wish, given, email: given.claim });
    });
}

type Wish = Record<string, unknown>;

/** What was asked for; what was not is taken from the key that is copied. */
async function wishOf({ ctx }: CliConsole, name: string, given: Given): Promise<Wish> {
  const { environment, days, owner, copyFrom } = given;
  const ownerId = owner === undefined ? null : await findPerson(ctx, owner);
  return {
    name,
    environment,
    ...limitsOf(given, copyFrom === undefined ? null : await keyLimits(ctx, copyFrom)),
    consumers: (given.consumer ?? []).map(consumerOf),
    ownerId,
    lifeDays: days === undefined ? undefined : Number(days),
    copyFrom,
  };
}

function limitsOf({ platform, scope, ip, rate }: Given, source: KeyLimitsView | null): Wish {
  if (source === null) {
    return {
      platform,
      scopes: scope ?? [],
      ipAllow: ip ?? [],
      rateLimitPerMin: rate === undefined ? null : Number(rate),
    };
  }
  return {
    platform: platform ?? source.platform,
    scopes: scope ?? source.scopes,
    ipAllow: ip ?? source.ipAllow,
    rateLimitPerMin: rate === undefined ? source.rateLimitPerMin : Number(rate),
  };
}

function consumerOf(text: string): Pick<NewConsumer, 'name' | 'ownerName' | 'address'> & { channel: string } {
  const [name = '', ownerName = '', channel = '', ...address] = text.split(',').map((part) => part.trim());
  return { name, ownerName, channel, address: address.join(',') };
}

async function show(
  { io }: CliTools,
  { ctx, services }: CliConsole,
  wish: Wish,
  { json = false, out }: Given,
): Promise<void> {
  const key = await createKey(ctx, services.apiKeys, checked(createKeyInput, wish));
  const told = `It expires on ${key.expiresAt.toISOString().slice(0, 10)}; its id is ${key.id}.`;
  if (out !== undefined && !json) {
    io.out(`${key.text}\n`);
    io.err(`The key is in ${out}. ${told}\n`);
    return;
  }
  const words = `${key.text}\nThis is the only time it is shown. ${told}`;
  printResult(io, { json: { id: key.id, key: key.text, expiresAt: key.expiresAt.toISOString() }, words }, json);
}

async function send(
  { io }: CliTools,
  { ctx, services, url }: CliConsole,
  { wish, given, email }: { wish: Wish; given: Given; email: string },
): Promise<void> {
  const recipientName = email.split('@')[0] ?? email;
  const input = checked(createKeyInput, { ...wish, delivery: { kind: 'claim', recipientName, recipientEmail: email } });
  if (input.delivery.kind !== 'claim') return;
  const { id, expiresAt, claim } = await createKeyForClaim(ctx, services.apiKeys, input, input.delivery);
  const link = claim.path === null ? null : `${url}${claim.path}`;
  const until = new Date(claim.expiresAt).toISOString();
  const words =
    link === null
      ? `The link was mailed to ${email}. It works once, until ${until}; the id of the key is ${id}.`
      : `${link}\nHand this link to ${email}. It works once, until ${until}; the id of the key is ${id}.`;
  printResult(
    io,
    { json: { id, link, linkExpiresAt: until, expiresAt: expiresAt.toISOString() }, words },
    given.json ?? false,
  );
}

async function bringIn(
  { io }: CliTools,
  { ctx, services }: CliConsole,
  { wish, given, text }: { wish: Wish; given: Given; text: string },
): Promise<void> {
  if (given.claim !== undefined)
    throw new DomainError('invalid', 'A key made elsewhere has its secret already; leave out --claim.');
  if (text !== '-')
    throw new DomainError(
      'invalid',
      'Give the key on the standard input: --import -. The history of the shell would keep it.',
    );
  const { copyFrom: _from, ...rest } = wish;
  const input = checked(importKeyInput, { ...rest, text: (await io.readFile('-')).trim() });
  const { id, expiresAt } = await importKey(ctx, services.apiKeys, input);
  const words = `The key works from now on; its id is ${id}. It must be rotated before ${expiresAt.toISOString().slice(0, 10)}.`;
  printResult(io, { json: { id, expiresAt: expiresAt.toISOString() }, words }, given.json ?? false);
}
