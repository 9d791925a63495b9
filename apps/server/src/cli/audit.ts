import { auditListInput } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import type { Command } from 'commander';
import { listCheckpoints } from '../features/audit/keeping/checkpoints.ts';
import { listAudit, verifyAudit } from '../features/audit/service.ts';
import { verifyAuditFile, type FileProof } from './audit-file.ts';
import { checked } from './input.ts';
import { printResult, printRows } from './io.ts';
import type { CliTools } from './tools.ts';

/** `qd audit list|verify|key` */
export function addAudit(program: Command, tools: CliTools): void {
  const audit = program.command('audit').description('The audit log');
  addList(audit, tools);
  addProofs(audit, tools);
}

function addList(audit: Command, { io, open }: CliTools): void {
  audit
    .command('list')
    .description('List the newest entries')
    .option('--limit <n>', 'how many, at most 200', '50')
    .option('--action <action>', 'e.g. users.signed_in')
    .option('--status <status>', 'success, denied or failure')
    .option('--json', 'print JSON')
    .action(
      async ({
        limit,
        action,
        status,
        json = false,
      }: {
        limit: string;
        action?: string;
        status?: string;
        json?: boolean;
      }) => {
        const { ctx } = await open();
        const input = checked(auditListInput, {
          limit: Number(limit),
          ...(action ? { action } : {}),
          ...(status ? { status } : {}),
        });
        const { rows } = await listAudit(ctx, input);
        printRows(
          io,
          json
            ? rows.map((r) => ({ ...r }))
            : rows.map((r) => ({
                seq: r.seq,
                time: r.timestamp,
                action: r.action,
                status: r.status,
                who: r.user_email ?? r.actor_kind,
                target: r.target === null ? null : r.target.id,
              })),
          json,
        );
      },
    );
}

function addProofs(audit: Command, { io, open }: CliTools): void {
  audit
    .command('verify [file]')
    .description(
      'Check that no entry was changed, removed or added behind the log’s back; exit 1 if one was. With a file: an export or archive (.jsonl, .jsonl.gz), without a console',
    )
    .option('--key <key>', 'with a file: the verifier key of the console, quarterdeck-audit+…')
    .option('--checkpoints <folder>', 'with a file: the folder of signed checkpoints')
    .option('--partial', 'with a file: it may hold some rows only')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, { json = false, ...proof }: FileProof & { json?: boolean }) => {
      const verdict = file === undefined ? await verifyHere(open) : await verifyAuditFile(file, proof);
      printResult(io, { json: verdict, words: `${verdict.rows} entries checked. ${verdict.reason}` }, json);
      if (!verdict.ok)
        throw new DomainError('conflict', `The audit log is not intact from entry ${verdict.brokenSeq ?? 1} on.`);
    });

  audit
    .command('key')
    .description('Print the key that verifies checkpoints elsewhere, and where they are')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx, services } = await open();
      const { publicKey, place } = await listCheckpoints(ctx, services.audit, { limit: 1 });
      const words = publicKey === null ? 'Nothing was signed yet.' : `${publicKey}\nCheckpoints are in ${place}.`;
      printResult(io, { json: { publicKey, place }, words }, json);
    });
}

async function verifyHere(open: CliTools['open']) {
  const { ctx, services } = await open();
  return verifyAudit(ctx, services.audit);
}

/** True for command lines that verify a file, which needs no console. */
export function isFileVerification([group, verb, ...rest]: readonly string[]): boolean {
  return group === 'audit' && verb === 'verify' && rest.some((word) => !word.startsWith('-'));
}
