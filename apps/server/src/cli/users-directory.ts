import { randomBytes } from 'node:crypto';
import {
  attentionKinds,
  directoryListInput,
  directorySorts,
  emailAddress,
  newPassword,
  userStates,
  type DirectoryRow,
} from '@qd/shared/users';
import type { Command } from 'commander';
import { z } from 'zod';
import { listPeople } from '../features/users/service/directory/list.ts';
import { personIdOf, resetPerson } from '../features/users/service/directory/reset.ts';
import { checked } from './input.ts';
import { printResult, printRows } from './io.ts';
import type { CliTools } from './tools.ts';

interface ListOptions {
  text?: string;
  role?: string;
  platform?: string;
  platformRole?: string;
  state?: string;
  seenFrom?: string;
  seenTo?: string;
  attention?: string;
  sort?: string;
  reverse?: boolean;
  limit?: string;
  cursor?: string;
  json?: boolean;
}

/** `qd users list` with the filters of the screen, and `qd users reset` for who is locked out. */
export function addDirectory(users: Command, tools: CliTools): void {
  addList(users, tools);
  addReset(users, tools);
}

function addList(users: Command, { io, open }: CliTools): void {
  users
    .command('list')
    .description('List people, their roles and accounts, one page at a time')
    .option('--text <text>', 'parts of the name or address, in any order')
    .option('--role <role>', 'a role of the console, by name or id')
    .option('--platform <platform>', 'has a role, an account or an invitation there')
    .option('--platform-role <role>', 'a role on a platform, e.g. broker')
    .option('--state <state>', userStates.join(', '))
    .option('--seen-from <time>', 'last seen then or later, e.g. 2026-01-31')
    .option('--seen-to <time>', 'last seen before then, or never')
    .option('--attention <kind>', `needs a look: any, ${attentionKinds.join(', ')}`)
    .option('--sort <by>', directorySorts.join(', '))
    .option('--reverse', 'turn the order round')
    .option('--limit <rows>', 'at most 200', '200')
    .option('--cursor <marker>', 'the nextCursor of the page before')
    .option('--json', 'print JSON')
    .action(async ({ json = false, limit, seenFrom, seenTo, ...given }: ListOptions) => {
      const instants = { seenFrom: instantOf(seenFrom), seenTo: instantOf(seenTo) };
      const input = checked(directoryListInput, { ...given, ...instants, limit: Number(limit) });
      const { ctx } = await open();
      const page = await listPeople(ctx, input);
      if (json) {
        printResult(io, { json: page, words: '' }, true);
        return;
      }
      printRows(io, page.rows.map(columnsOf), false);
      if (page.nextCursor !== null) io.out(`More: --cursor ${page.nextCursor}\n`);
    });
}

/** Epoch ms of a time as people type it; NaN, which no filter takes, for anything else. */
function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

function columnsOf(row: DirectoryRow): Record<string, unknown> {
  const { email, name, state, attention } = row;
  return {
    email,
    name,
    state,
    roles: row.grants.map((grant) => `${grant.role}@${grant.platform}`),
    accounts: row.memberships.map((account) => `${account.role}@${account.platform}`),
    seen: row.lastSeenAt === null ? null : new Date(row.lastSeenAt),
    attention,
  };
}

function addReset(users: Command, { io, open }: CliTools): void {
  users
    .command('reset <email>')
    .description('Let somebody in again who is locked out: a new password, and second factors off; ends all sessions')
    .option('--only <what>', 'password or factors; both without it')
    .option('--password <password>', 'at least 15 characters; drawn and printed once unless given')
    .option('--json', 'print JSON')
    .action(async (email: string, given: { only?: string; password?: string; json?: boolean }) => {
      const { password: isPassword, factors } = partsOf(given.only);
      const password = isPassword ? checked(newPassword, given.password ?? drawPassword()) : null;
      const { ctx, services } = await open();
      const id = await personIdOf(ctx, checked(emailAddress, email));
      const done = await resetPerson(ctx, services.users, { id, password, factors });
      const drawn = given.password === undefined ? password : null;
      const words = [
        factors ? `${done.removedFactors} second factors of ${email} are off.` : '',
        password === null ? '' : `${email} has a new password.`,
        drawn === null ? '' : `Shown once: ${drawn}`,
      ];
      const json = { email, password: drawn, ...done };
      printResult(io, { json, words: words.filter((part) => part !== '').join(' ') }, given.json ?? false);
    });
}

/** A password nobody has seen before. */
export function drawPassword(): string {
  return randomBytes(15).toString('base64url');
}

const resetPart = z.enum(['password', 'factors'], { error: '--only is password or factors' }).optional();

function partsOf(only: string | undefined): { password: boolean; factors: boolean } {
  const what = checked(resetPart, only);
  return { password: what !== 'factors', factors: what !== 'password' };
}
