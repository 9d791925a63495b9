import { DomainError } from '@qd/shared/errors';
import type { Command } from 'commander';
import { demoState, loadDemo, removeDemo } from '../features/settings/demo.ts';
import { refreshSummaries } from '../features/slo/service/refresh-summaries.ts';
import { printResult } from './io.ts';
import type { CliTools } from './tools.ts';

/** `qd demo load|remove|status` */
export function addDemo(program: Command, { io, open }: CliTools): void {
  const demo = program.command('demo').description('The demo platforms, their history and accounts');

  demo
    .command('load')
    .description('Load the demo again')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx, services, config } = await open();
      if ((await demoState(ctx)).state === 'loaded') throw new DomainError('conflict', 'The demo is loaded already.');
      const { password } = await loadDemo(ctx, services.demo, config.QD_DEMO_PASSWORD ?? null);
      // An open page must not show platforms without figures until the next tick.
      await refreshSummaries(ctx, services.slo.memory);
      const words =
        password === null ? 'The demo is loaded.' : `The demo is loaded. Its accounts share the password ${password}`;
      printResult(io, { json: { loaded: true, password }, words }, json);
    });

  demo
    .command('remove')
    .description('Remove everything that is marked as demo, accounts included')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx } = await open();
      const gone = await removeDemo(ctx);
      printResult(
        io,
        {
          json: gone,
          words: `Removed ${gone.platforms} platforms, ${gone.slos} objectives and ${gone.users} accounts.`,
        },
        json,
      );
    });

  demo
    .command('status')
    .description('Say whether the demo is there')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx } = await open();
      const { state } = await demoState(ctx);
      const words = {
        never: 'The demo was never loaded.',
        loaded: 'The demo is loaded.',
        removed: 'The demo was removed.',
      };
      printResult(io, { json: { state }, words: words[state] }, json);
    });
}
