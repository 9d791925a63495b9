import { roleTitles } from '@qd/shared/permissions';
import { giveRoleInput } from '@qd/shared/roles';
import { createUserInput, emailAddress, newPassword, personStateInput, MIN_PASSWORD_LENGTH } from '@qd/shared/users';
import type { Command } from 'commander';
import { giveRole, takeRole } from '../features/roles/service/give.ts';
import { createBootstrapToken } from '../features/users/service/bootstrap.ts';
import { personIdOf } from '../features/users/service/directory/reset.ts';
import { reinstatePerson, suspendPerson } from '../features/users/service/directory/state.ts';
import { createUser, setPassword } from '../features/users/service/people.ts';
import { checked } from './input.ts';
import { printResult } from './io.ts';
import type { CliTools } from './tools.ts';
import { addDirectory, drawPassword } from './users-directory.ts';
import { addUsersImport } from './users-import.ts';
import { addInvite } from './users-invite.ts';

interface Json {
  json?: boolean;
}

/** `qd users create|invite|list|role|password|reset|suspend|reinstate|link|import` */
export function addUsers(program: Command, tools: CliTools): void {
  const users = program.command('users').description('People, their roles, and ways back in');
  addPeople(users, tools);
  addDirectory(users, tools);
  addRoles(users, tools);
  addInvite(users, tools);
  addWaysIn(users, tools);
  addUsersImport(users, tools);
}

function addPeople(users: Command, { io, open }: CliTools): void {
  users
    .command('create <email>')
    .description('Create a person; the password is drawn and printed once unless given')
    .requiredOption('--name <name>', 'how the person is called')
    .option('--role <role>', `one of ${Object.keys(roleTitles).join(', ')}`)
    .option('--platform <platform>', 'platform of the role, * for all', '*')
    .option('--password <password>', `at least ${MIN_PASSWORD_LENGTH} characters`)
    .option('--json', 'print JSON')
    .action(
      async (email: string, given: { name: string; role?: string; platform: string; password?: string } & Json) => {
        const { ctx, services } = await open();
        const password = given.password ?? drawPassword();
        const { id } = await createUser(
          ctx,
          services.users,
          checked(createUserInput, { ...pick(given), email, password }),
        );
        const drawn = given.password === undefined ? password : null;
        const words = `Created ${email}.${drawn === null ? '' : ` Password, shown once: ${drawn}`}`;
        printResult(io, { json: { id, email, password: drawn }, words }, given.json ?? false);
      },
    );
}

function pick({ name, role, platform }: { name: string; role?: string; platform: string }) {
  return { name, platform, role: role ?? null };
}

function addRoles(users: Command, { io, open }: CliTools): void {
  users
    .command('role <email> <role>')
    .description('Give a person a role, or take it back with --remove')
    .option('--platform <platform>', 'platform of the role, * for all', '*')
    .option('--reason <reason>', 'kept with the grant', 'Given on the command line')
    .option('--remove', 'take the role back')
    .option('--json', 'print JSON')
    .action(
      async (email: string, role: string, given: { platform: string; reason: string; remove?: boolean } & Json) => {
        const { ctx } = await open();
        const userId = await personIdOf(ctx, checked(emailAddress, email));
        const grant = checked(giveRoleInput, { userId, role, platform: given.platform, reason: given.reason });
        const { expiresAt: _none, ...taken } = grant;
        await (given.remove === true ? takeRole(ctx, taken) : giveRole(ctx, grant));
        const where = grant.platform === '*' ? 'all platforms' : grant.platform;
        const words =
          given.remove === true ? `${email} is no longer ${role} on ${where}.` : `${email} is ${role} on ${where}.`;
        printResult(
          io,
          { json: { email, role, platform: grant.platform, removed: given.remove === true }, words },
          given.json ?? false,
        );
      },
    );

  for (const [verb, change, past] of [
    ['suspend', suspendPerson, 'suspended'],
    ['reinstate', reinstatePerson, 'reinstated'],
  ] as const) {
    users
      .command(`${verb} <email>`)
      .description(
        verb === 'suspend' ? 'Keep a person out; their sessions end at once' : 'Let a suspended person back in',
      )
      .option('--reason <reason>', 'kept in the audit log', 'On the command line')
      .option('--json', 'print JSON')
      .action(async (email: string, { reason, json = false }: { reason: string } & Json) => {
        const { ctx } = await open();
        const id = await personIdOf(ctx, checked(emailAddress, email));
        await change(ctx, checked(personStateInput, { id, reason }));
        printResult(io, { json: { email, state: past }, words: `${email} is ${past}.` }, json);
      });
  }
}

function addWaysIn(users: Command, { io, open }: CliTools): void {
  users
    .command('password <email>')
    .description('Set a new password, drawn and printed once unless given; ends all sessions of the person')
    .option('--password <password>', `at least ${MIN_PASSWORD_LENGTH} characters`)
    .option('--json', 'print JSON')
    .action(async (email: string, given: { password?: string } & Json) => {
      const { ctx, services } = await open();
      const password = checked(newPassword, given.password ?? drawPassword());
      await setPassword(ctx, services.users, { email: checked(emailAddress, email), password });
      const drawn = given.password === undefined ? password : null;
      printResult(
        io,
        {
          json: { email, password: drawn },
          words: drawn === null ? `${email} has a new password.` : `New password of ${email}, shown once: ${drawn}`,
        },
        given.json ?? false,
      );
    });

  users
    .command('link')
    .description('Print a new one-time link for the first owner')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: Json) => {
      const { ctx, url } = await open();
      const token = await createBootstrapToken(ctx);
      const link = token === null ? null : `${url}/welcome#${token}`;
      printResult(io, { json: { link }, words: link ?? 'There is an owner already; no link is needed.' }, json);
    });
}
