import { createSecretInput, listSecretsInput, recordRotationInput, secretCadences } from '@qd/shared/secrets';
import type { Command } from 'commander';
import { createSecret } from '../features/secrets/service/change.ts';
import { listSecrets } from '../features/secrets/service/read.ts';
import { recordRotation } from '../features/secrets/service/rotation.ts';
import { checked } from './input.ts';
import { printResult, printRows } from './io.ts';
import type { CliTools } from './tools.ts';

const LIST_LIMIT = 200;

interface Added {
  platform: string;
  cadence: string;
  everyDays?: string;
  owner?: string;
  procedure?: string;
  link?: string;
  rotatedAt?: string;
  json?: boolean;
}

interface Rotated {
  evidence: string;
  link?: string;
  at?: string;
  json?: boolean;
}

/** `qd secrets list|add|rotated`: the register of secrets, never their values. */
export function addSecrets(program: Command, tools: CliTools): void {
  const secrets = program.command('secrets').description('Secrets the console does not hold, and when they are due');
  addList(secrets, tools);
  addAdd(secrets, tools);
  addRotated(secrets, tools);
}

function addList(secrets: Command, { io, open }: CliTools): void {
  secrets
    .command('list')
    .description('List secrets by platform and name, at most 200; pages follow with --cursor')
    .option('--platform <platform>', 'of one platform only')
    .option('--state <state...>', 'ok, due_soon, overdue, never or manual')
    .option('--cursor <id>', 'id of the last one of the page before')
    .option('--json', 'print JSON')
    .action(async (given: { platform?: string; state?: string[]; cursor?: string; json?: boolean }) => {
      const { platform, state: states, cursor, json = false } = given;
      const { ctx } = await open();
      const { rows } = await listSecrets(
        ctx,
        checked(listSecretsInput, { platform, states, cursor, limit: LIST_LIMIT }),
      );
      const short = rows.map(({ id, name, owner, state, lastRotatedAt, nextDueAt, ...row }) => ({
        id,
        platform: row.platform,
        name,
        state,
        rotated: day(lastRotatedAt),
        due: day(nextDueAt),
        owner: owner === '' ? null : owner,
      }));
      printRows(io, json ? rows.map((row) => ({ ...row })) : short, json);
    });
}

function addAdd(secrets: Command, { io, open }: CliTools): void {
  secrets
    .command('add <name>')
    .description('Enter a secret by its name, never its value')
    .requiredOption('--platform <platform>', 'platform it belongs to')
    .requiredOption('--cadence <cadence>', secretCadences.join(', '))
    .option('--every-days <n>', 'days between rotations, with the cadence days')
    .option('--owner <name>', 'who answers for it')
    .option('--procedure <text>', 'how it is rotated')
    .option('--link <url>', 'where that is written')
    .option('--rotated-at <time>', 'when it was rotated last, e.g. 2026-10-01')
    .option('--json', 'print JSON')
    .action(async (name: string, given: Added) => {
      const { platform, cadence, everyDays, owner, procedure, link, rotatedAt, json = false } = given;
      const input = checked(createSecretInput, {
        name,
        platform,
        cadence,
        everyDays: everyDays === undefined ? null : Number(everyDays),
        ownerName: owner,
        procedure,
        procedureUrl: link,
        lastRotatedAt: rotatedAt === undefined ? null : Date.parse(rotatedAt),
      });
      const { ctx } = await open();
      const made = await createSecret(ctx, input);
      printResult(io, { json: made, words: `${made.name} is in the register as ${made.id}. ${dueWords(made)}` }, json);
    });
}

function addRotated(secrets: Command, { io, open }: CliTools): void {
  secrets
    .command('rotated <id>')
    .description('Record that a secret was rotated')
    .requiredOption('--evidence <text>', 'what shows it: a ticket, a change, who saw it')
    .option('--link <url>', 'link to that')
    .option('--at <time>', 'when it was done; now if left out')
    .option('--json', 'print JSON')
    .action(async (id: string, { evidence, link, at, json = false }: Rotated) => {
      const { ctx } = await open();
      const rotatedAt = at === undefined ? ctx.now().getTime() : Date.parse(at);
      const input = checked(recordRotationInput, { id, evidence, evidenceUrl: link, rotatedAt });
      const done = await recordRotation(ctx, input);
      printResult(io, { json: done, words: `The rotation of ${done.name} is recorded. ${dueWords(done)}` }, json);
    });
}

function day(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString().slice(0, 10);
}

function dueWords({ nextDueAt }: { nextDueAt: number | null }): string {
  return nextDueAt === null ? 'It has no day it is due.' : `It is due on ${day(nextDueAt)}.`;
}
