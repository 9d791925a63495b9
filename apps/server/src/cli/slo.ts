import type { Command } from 'commander';
import { backfill } from '../features/slo/service/backfill.ts';
import { listSlos } from '../features/slo/service/list.ts';
import { printResult, printRows } from './io.ts';
import { addSloFiles } from './slo-files.ts';
import type { CliTools } from './tools.ts';

const DEFAULT_BACKFILL_DAYS = '30';

/** `qd slo list|apply|lint|export|backfill` */
export function addSlo(program: Command, tools: CliTools): void {
  const slo = program.command('slo').description('Objectives');
  addList(slo, tools);
  addSloFiles(slo, tools);
  addBackfill(slo, tools);
}

function addList(slo: Command, { io, open }: CliTools): void {
  slo
    .command('list')
    .description('List objectives with what is left of their budgets')
    .option('--platform <platform>', 'only this platform')
    .option('--json', 'print JSON')
    .action(async ({ platform, json = false }: { platform?: string; json?: boolean }) => {
      const { ctx } = await open();
      const { rows } = await listSlos(ctx, platform === undefined ? {} : { platform });
      const short = rows.map((r) => ({
        id: r.id,
        platform: r.platformId,
        name: r.name,
        target: `${r.targetPercent}%`,
        state: r.freshness === 'stale' ? 'stale' : r.state,
        left: r.budget.leftRatio === null ? null : `${(r.budget.leftRatio * 100).toFixed(1)}%`,
        data: r.dataAt === null ? null : new Date(r.dataAt).toISOString(),
      }));
      printRows(io, json ? rows.map((r) => ({ ...r })) : short, json);
    });
}

function addBackfill(slo: Command, { io, open }: CliTools): void {
  slo
    .command('backfill <id>')
    .description(
      'Read what the source knows of the time before an objective was measured; doing it again changes nothing',
    )
    .option('--days <n>', 'how far back from now', DEFAULT_BACKFILL_DAYS)
    .option('--json', 'print JSON')
    .action(async (id: string, { days, json = false }: { days: string; json?: boolean }) => {
      const { ctx, services } = await open();
      const onProgress = (doneRatio: number): void => {
        if (!json) io.err(`${Math.round(doneRatio * 100)} %\n`);
      };
      const done = await backfill(ctx, services.slo, id, { days: Number(days), onProgress });
      const since = done.measuredSince === null ? null : new Date(done.measuredSince).toISOString();
      const reach = since === null ? 'Nothing is measured yet.' : `Measured since ${since}.`;
      printResult(
        io,
        { json: { ...done, measuredSince: since }, words: `${done.minutes} minutes read. ${reach}` },
        json,
      );
    });
}
