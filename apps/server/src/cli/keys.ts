import { createKeyInput, keyScopes } from '@qd/shared/api-keys';
import type { Command } from 'commander';
import { createKey, listKeys, revokeKey } from '../features/api-keys/service/keys.ts';
import { checked } from './input.ts';
import { printResult, printRows } from './io.ts';
import type { CliTools } from './tools.ts';

const LIST_LIMIT = 200;

interface Given {
  platform: string;
  environment: string;
  scope: string[];
  days?: string;
  json?: boolean;
}

/** `qd keys create|list|revoke` */
export function addKeys(program: Command, { io, open }: CliTools): void {
  const keys = program.command('keys').description('API keys of machines');

  keys
    .command('create <name>')
    .description('Create a key and print it, this once')
    .requiredOption('--platform <platform>', 'platform it may act on, * for all')
    .requiredOption('--scope <scope...>', `one or more of ${keyScopes.join(', ')}`)
    .option('--environment <environment>', 'prod, staging, dev or test', 'prod')
    .option('--days <n>', 'days until it expires')
    .option('--json', 'print JSON')
    .action(async (name: string, { platform, environment, scope, days, json = false }: Given) => {
      const { ctx, services } = await open();
      const life = days === undefined ? {} : { lifeDays: Number(days) };
      const input = checked(createKeyInput, { name, platform, environment, scopes: scope, ...life });
      const key = await createKey(ctx, { pepper: services.pepper }, input);
      const words = `${key.text}\nThis is the only time it is shown. It expires on ${key.expiresAt.toISOString().slice(0, 10)}; its id is ${key.id}.`;
      printResult(io, { json: { id: key.id, key: key.text, expiresAt: key.expiresAt.toISOString() }, words }, json);
    });

  keys
    .command('list')
    .description('List keys, never their secrets; at most 200')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx } = await open();
      const { rows } = await listKeys(ctx, { limit: LIST_LIMIT });
      const short = rows.map(({ id, name, platform, environment, state, scopes }) => ({
        id,
        name,
        platform,
        environment,
        state,
        scopes,
      }));
      printRows(io, json ? rows.map((r) => ({ ...r })) : short, json);
    });

  keys
    .command('revoke <key>')
    .description('End a key for ever, by its id or by the key itself')
    .option('--reason <reason>', 'kept in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (key: string, { reason, json = false }: { reason: string; json?: boolean }) => {
      const { ctx } = await open();
      const revoked = await revokeKey(ctx, { key, reason });
      printResult(
        io,
        { json: { revoked }, words: revoked ? 'The key is revoked.' : 'The key was revoked before.' },
        json,
      );
    });
}
