import { crc32 } from 'node:zlib';
import { parseKey } from '@qd/shared/api-keys';
import { containKeyInput, lookUpInput, type KeyLookUp } from '@qd/shared/api-keys/ending';
import type { Command } from 'commander';
import { lookUpKey } from '../../features/api-keys/service/ending/look-up.ts';
import { quarantineKey, releaseKey } from '../../features/api-keys/service/ending/quarantine.ts';
import { checked } from '../input.ts';
import { printResult } from '../io.ts';
import type { CliTools } from '../tools.ts';
import { pipedKey } from './piped-key.ts';

interface Given {
  reason: string;
  json?: boolean;
}

/** `qd keys quarantine|release|lookup` */
export function addEnding(keys: Command, { io, open }: CliTools): void {
  keys
    .command('quarantine <id>')
    .description('Stop a key until it is released')
    .option('--reason <reason>', 'kept with the key and in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, json = false }: Given) => {
      const { ctx, services } = await open();
      await quarantineKey(
        { ...ctx, now: () => services.keys.now() },
        services.apiKeys,
        checked(containKeyInput, { id, reason }),
      );
      printResult(io, { json: { id, quarantined: true }, words: 'The key is quarantined.' }, json);
    });

  keys
    .command('release <id>')
    .description('Let a quarantined key work again')
    .option('--reason <reason>', 'kept in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, json = false }: Given) => {
      const { ctx, services } = await open();
      await releaseKey(
        { ...ctx, now: () => services.keys.now() },
        services.apiKeys,
        checked(containKeyInput, { id, reason }),
      );
      printResult(io, { json: { id, quarantined: false }, words: 'The key works again.' }, json);
    });

  keys
    .command('lookup <key>')
    .description('Say whether a text was ever a key of this console; as - it is read from the standard input')
    .option('--json', 'print JSON')
    .action(async (key: string, { json = false }: { json?: boolean }) => {
      const { text } = checked(lookUpInput, { text: await pipedKey(io, key) });
      const { ctx, services } = await open();
      const answer = await lookUpKey(ctx, services.apiKeys, { text });
      printResult(io, { json: answer, words: wordsOf(answer, text) }, json);
    });
}

function wordsOf(answer: KeyLookUp, text: string): string {
  const at = (ms: number) => new Date(ms).toISOString();
  if (answer.verdict === 'known_to_ledger') {
    const ended = `${answer.id}, ended ${at(answer.revokedAt)}. The tables do not know it any more.`;
    return answer.by === 'hash'
      ? `It was a key of this console: ${ended}`
      : `It holds an id of a key of this console: ${ended} Its secret cannot be compared any more.`;
  }
  if (answer.verdict === 'ours') {
    const { id, name, platform, environment, state, since } = answer;
    const when = since === null ? '' : ` since ${at(since)}`;
    return `It is a key of this console: ${id} “${name}” (${platform}, ${environment}), ${state}${when}.`;
  }
  const parsed = parseKey(text, crc32);
  return parsed.ok
    ? 'It was never a key of this console.'
    : `It was never a key of this console. ${parsed.fault.message}`;
}
