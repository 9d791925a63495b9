import { roleTitles } from '@qd/shared/permissions';
import { HOUR_MS } from '@qd/shared/time';
import { emailAddress, emailKey, inviteInput, resendInviteInput, type NewLink } from '@qd/shared/users';
import type { Command } from 'commander';
import { findInvited, inviteUser, resendInvite } from '../features/users/service/invitations/invite.ts';
import { checked } from './input.ts';
import { printResult } from './io.ts';
import type { CliConsole, CliTools } from './tools.ts';

interface InviteOptions {
  name: string;
  role: string;
  platform: string;
  reason: string;
  hours: string;
  mail: boolean;
  json?: boolean;
}

/** `qd users invite`: a link that lets somebody in, once; a new one for who was invited already. */
export function addInvite(users: Command, { io, open }: CliTools): void {
  users
    .command('invite <email>')
    .description('Invite a person; the link is mailed, or printed where there is no mail server')
    .requiredOption('--name <name>', 'how the person is called')
    .requiredOption('--role <role>', `one of ${Object.keys(roleTitles).join(', ')}, or the id of another role`)
    .option('--platform <platform>', 'platform of the role, * for all', '*')
    .option('--reason <reason>', 'kept with the role', 'Invited on the command line')
    .option('--hours <hours>', 'how long the link works, 1 to 336', '72')
    .option('--no-mail', 'print the link instead of mailing it')
    .option('--json', 'print JSON')
    .action(async (email: string, given: InviteOptions) => {
      const console_ = await open();
      const { again, link } = await invite(console_, checked(emailAddress, email), given);
      const url = link?.path == null ? null : `${console_.url}${link.path}`;
      const done = again
        ? `${email} was invited already and has a new link; the one before is dead.`
        : `Invited ${email}.`;
      const words = `${done} ${url === null ? 'The link was mailed.' : `Link, shown once: ${url}`}`;
      printResult(io, { json: { email, id: link?.userId ?? null, link: url, again }, words }, given.json ?? false);
    });
}

async function invite(
  { ctx, services }: CliConsole,
  email: string,
  { hours, mail, ...given }: InviteOptions,
): Promise<{ again: boolean; link: NewLink | null }> {
  const life = { lifeMs: Number(hours) * HOUR_MS, sendMail: mail };
  const known = await findInvited(ctx, emailKey(email));
  if (known !== null) {
    const input = checked(resendInviteInput, { id: known, ...life });
    return { again: true, link: await resendInvite(ctx, services.users, input) };
  }
  const { name, role, platform, reason } = given;
  const input = checked(inviteInput, { name, email, role, platform, reason, ...life });
  return { again: false, link: (await inviteUser(ctx, services.users, input)).link };
}
