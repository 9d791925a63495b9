import { approvalListInput } from '@qd/shared/approvals';
import type { Command } from 'commander';
import { listApprovals } from '../features/approvals/service/read.ts';
import { checked } from './input.ts';
import { printRows } from './io.ts';
import type { CliTools } from './tools.ts';

const LIST_LIMIT = 200;

/** `qd approvals list`: what waits for a second person. People decide in the console, where they prove who they are. */
export function addApprovals(program: Command, { io, open }: CliTools): void {
  const approvals = program.command('approvals').description('Requests for acts that take a second person');
  approvals
    .command('list')
    .description('List requests, newest first, at most 200')
    .option('--state <state>', 'open or settled')
    .option('--json', 'print JSON')
    .action(async ({ state, json = false }: { state?: string; json?: boolean }) => {
      const { ctx } = await open();
      const { rows } = await listApprovals(ctx, checked(approvalListInput, { state, limit: LIST_LIMIT }));
      printRows(
        io,
        json
          ? rows.map((row) => ({ ...row }))
          : rows.map(({ id, phase, summary, requestedBy, requestedAt }) => ({
              id,
              phase,
              asked: new Date(requestedAt),
              by: requestedBy.name ?? requestedBy.id,
              summary,
            })),
        json,
      );
    });
}
