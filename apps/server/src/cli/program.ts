import { DomainError } from '@qd/shared/errors';
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addApprovals } from './approvals.ts';
import { addAudit } from './audit.ts';
import { addDemo } from './demo.ts';
import type { CliIo } from './io.ts';
import { addKeys } from './keys.ts';
import { addOncall } from './oncall.ts';
import { addSecrets } from './secrets.ts';
import { addSlo } from './slo.ts';
import type { CliTools } from './tools.ts';
import { addUsers } from './users.ts';

/** Commands that come before a console is open; `qd.ts` runs them itself. */
const atStart = `
At start:
  serve           start the console, as npm start does
  migrate         bring the tables up to date and stop
  config check    check the environment; config table and config example print its documentation
`;

/** The commands that work on an open console; the same ones run in their own process or inside the running one. */
export function buildProgram(tools: CliTools): Command {
  const { io } = tools;
  const program = new Command('qd')
    .description('Quarterdeck on the command line')
    .version(version)
    .addHelpText('after', atStart)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  for (const add of [addDemo, addUsers, addKeys, addSecrets, addOncall, addSlo, addApprovals, addAudit])
    add(program, tools);
  // Settings are inherited by commands only where they are made, not where they are added.
  for (const command of program.commands.flatMap((c) => [c, ...c.commands])) command.copyInheritedSettings(program);
  return program;
}

/** Runs one command line and gives its exit code: 0 done, 1 refused or failed, 2 misspelt. */
export async function runProgram(program: Command, argv: readonly string[], io: CliIo): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof DomainError)) throw error;
    io.err(`${error.message}\n`);
    for (const fault of error.fields) io.err(`  ${fault.field}: ${fault.message}\n`);
    return 1;
  }
}
