import { crc32 } from 'node:zlib';
import { candidateOf, parseKey, type KeyRefusal } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Command } from 'commander';
import type { KeyVerdict } from '../../features/api-keys/service/verifier.ts';
import { printResult } from '../io.ts';
import type { CliTools } from '../tools.ts';
import { pipedKey } from './piped-key.ts';

interface Given {
  permission?: string;
  platform?: string;
  environment?: string;
  address?: string;
  json?: boolean;
}

const reasons: Record<KeyRefusal, string> = {
  unknown: 'it is no key of this console',
  expired: 'it has expired',
  rotated: 'it was replaced, and its overlap is over',
  revoked: 'it is revoked',
  quarantined: 'it is quarantined',
  pending: 'its claim link was not opened yet',
  owner_suspended: 'whoever it acts for is suspended, gone, or may do nothing of it any more',
  platform: 'it is for another platform',
  environment: 'it is for another environment',
  address: 'it may not be used from this address',
  rate_limited: 'it has used up its calls for this minute',
  scope: 'it may not do this',
};

/** `qd keys verify`: what is wrong with a text by its form, and else what the console makes of it. */
export function addVerify(keys: Command, { io, open }: CliTools): void {
  keys
    .command('verify <key>')
    .description(
      'Say whether a key is valid, and if not why; as - it is read from the standard input, past the history of the shell',
    )
    .option('--permission <permission>', 'what it is to be used for')
    .option('--platform <platform>', 'where it is to be used')
    .option('--environment <environment>', 'prod, staging, dev or test')
    .option('--address <address>', 'IP address it is to be used from')
    .option('--json', 'print JSON')
    .action(async (given: string, { json = false, address, ...asked }: Given) => {
      const text = await pipedKey(io, given);
      const fault = faultOf(text);
      if (fault !== null) {
        if (json) printResult(io, { json: { valid: false, ...fault }, words: '' }, json);
        throw new DomainError('precondition', `Not a key: ${fault.message}`);
      }
      const { services } = await open();
      const verdict = await services.keys.examine(text, { ...asked, address });
      if (verdict.valid || json) printResult(io, resultOf(verdict), json);
      if (!verdict.valid) throw new DomainError('precondition', `Refused: ${reasons[verdict.reason]}.`);
    });
}

/** What is wrong with a text that can be no key in any format. */
function faultOf(text: string): { position: number | null; message: string } | null {
  if (candidateOf(text, crc32) !== null) return null;
  const parsed = parseKey(text, crc32);
  return parsed.ok ? null : { position: parsed.fault.position, message: parsed.fault.message };
}

function resultOf(verdict: KeyVerdict): { json: unknown; words: string } {
  if (!verdict.valid) return { json: { valid: false, reason: verdict.reason }, words: '' };
  const { key, scopes } = verdict;
  const permissions = [...scopes.platform, ...scopes.console];
  const end = key.expiresAt === null ? 'without end' : `until ${key.expiresAt.toISOString()}`;
  const where = `${key.platform === '*' ? 'all platforms' : key.platform}, ${key.environment}`;
  return {
    json: {
      valid: true,
      id: key.id,
      name: key.name,
      platform: key.platform,
      environment: key.environment,
      permissions,
      expiresAt: key.expiresAt?.toISOString() ?? null,
    },
    words: `Valid: ${key.id} “${key.name}” (${where}), ${end}. It may ${permissions.join(', ') || 'do nothing'}.`,
  };
}
