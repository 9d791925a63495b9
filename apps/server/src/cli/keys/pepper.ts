import type { Command } from 'commander';
import { readPeppers } from '../../features/api-keys/service/peppers.ts';
import { printResult } from '../io.ts';
import type { CliTools } from '../tools.ts';

const LISTED = 20;

/** `qd keys pepper`: whether the former pepper can be let go. */
export function addPepper(keys: Command, { io, open }: CliTools): void {
  keys
    .command('pepper')
    .description('Say how many keys have moved to the current pepper, and which have not been used since it changed')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx, services } = await open();
      const view = await readPeppers(ctx, services.apiKeys, { limit: LISTED });
      const count = `${view.moved} of ${view.keys} keys on pepper v${view.current}.`;
      const listed = view.stragglers.map(({ id, name, platform, version, lastUsedAt }) => {
        const used = lastUsedAt === null ? 'never used' : `last used ${new Date(lastUsedAt).toISOString()}`;
        return `  ${id} “${name}” (${platform}), pepper v${version}, ${used}`;
      });
      const rest = view.nextCursor === null ? [] : [`  and ${view.keys - view.moved - listed.length} more`];
      const end = listed.length === 0 ? ['API_KEY_PEPPER_PREVIOUS is not needed.'] : ['Not used since:'];
      printResult(io, { json: view, words: [count, ...end, ...listed, ...rest].join('\n') }, json);
    });
}
