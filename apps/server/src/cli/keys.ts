import { LEDGER_PENDING } from '@qd/shared/api-keys/ending';
import type { Command } from 'commander';
import { revokeKey } from '../features/api-keys/service/ending/revoke.ts';
import { printResult } from './io.ts';
import { addCreate } from './keys/create.ts';
import { addEnding } from './keys/ending.ts';
import { addList } from './keys/list.ts';
import { addPepper } from './keys/pepper.ts';
import { idOrPipedKey } from './keys/piped-key.ts';
import { addRotate } from './keys/rotate.ts';
import { addScan } from './keys/scan.ts';
import { addVerify } from './keys/verify.ts';
import type { CliTools } from './tools.ts';

/** `qd keys create|list|revoke` */
export function addKeys(program: Command, tools: CliTools): void {
  const { io, open } = tools;
  const keys = program.command('keys').description('API keys of machines');
  for (const add of [addCreate, addList, addVerify, addPepper, addEnding, addScan, addRotate]) add(keys, tools);

  keys
    .command('revoke <key>')
    .description('End a key for ever, by its id, or with - by the key itself from the standard input')
    .option('--reason <reason>', 'kept in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (given: string, { reason, json = false }: { reason: string; json?: boolean }) => {
      const key = await idOrPipedKey(io, given);
      const { ctx, services } = await open();
      // Ends are set by the clock keys are judged by, which is the database's.
      const timed = { ...ctx, now: () => services.keys.now() };
      const { isNew, isLedgerPending } = await revokeKey(timed, services.apiKeys, { key, reason });
      const done = isNew ? 'The key is revoked.' : 'The key was revoked before.';
      const words = isLedgerPending ? `${done} ${LEDGER_PENDING}` : done;
      printResult(io, { json: { revoked: isNew, isLedgerPending }, words }, json);
    });
}
