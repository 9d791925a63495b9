import { DomainError } from '@qd/shared/errors';
import {
  IMPORT_MAILS_PER_SECOND,
  INVITATION_MS,
  MAX_IMPORT_INVITATIONS,
  noticeWords,
  type CommitImportInput,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { noticesWithLinks, type NoticeWithLink } from '../../../../platform/notices.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import type { ImportRecord, ImportRowRecord } from '../../queries/imports/imports.ts';
import { insertInvitations, markFromCommandLine } from '../../queries/imports/invitations.ts';
import { assertMayInvite } from '../invitations/invite.ts';
import { titleOf } from '../invitations/link.ts';
import { newImportId, type ImportsDeps } from './deps.ts';

/** A person an import made, with their roles already given. */
export interface MadePerson {
  userId: string;
  row: Pick<ImportRowRecord, 'line' | 'email' | 'name' | 'role' | 'platform' | 'platformRole'>;
}

/** Invites the people of one import, batch by batch. */
export interface Inviter {
  invite(tx: Tx, made: readonly MadePerson[]): Promise<void>;
  /** What the log keeps, or null when nobody was invited. */
  entry(): AuditEntry | null;
}

/** Throws `precondition` or `invalid` when the invitations a commit asks for cannot be sent. Changes nothing. */
export function assertCanInvite(
  { mail }: ImportsDeps,
  { createCount }: Pick<ImportRecord, 'createCount'>,
  { sendInvitations }: CommitImportInput,
): void {
  if (!sendInvitations) return;
  if (mail === null) {
    throw new DomainError(
      'precondition',
      'No mail server is configured, so no invitations can be sent. Import without them and hand out links one by one.',
    );
  }
  if (createCount <= MAX_IMPORT_INVITATIONS) return;
  const most = MAX_IMPORT_INVITATIONS.toLocaleString('en-US');
  throw new DomainError(
    'invalid',
    `One import invites at most ${most} people, and this one makes ${createCount.toLocaleString('en-US')}. Split the file, or import without invitations.`,
    { fields: [{ field: 'sendInvitations', message: `is for at most ${most} new people` }] },
  );
}

/**
 * An inviter by the rules of invitations made by hand: links work once, and whoever may not invite somebody with these roles
 * sends nothing. The mails fall due a few a second. `invite` throws `forbidden`.
 */
export function createInviter(ctx: Ctx, { sealing }: NonNullable<ImportsDeps['mail']>, importId: string): Inviter {
  const now = ctx.now();
  const expiresAt = new Date(now.getTime() + INVITATION_MS);
  const invitedBy = ctx.actor.kind === 'user' ? ctx.actor.id : null;
  const titles = new Map<string, string>();
  let sent = 0;

  /** People with the same roles get the same answer. */
  async function assertMay(tx: Tx, made: readonly MadePerson[]): Promise<void> {
    for (const { userId, row } of made) {
      const kind = JSON.stringify([row.role, row.platform, row.platformRole]);
      if (titles.has(kind)) continue;
      await assertMayInvite(tx, ctx, userId, null);
      titles.set(kind, await titleOf(tx, row.role ?? ''));
    }
  }

  function noticeOf({ row }: MadePerson, token: string): NoticeWithLink {
    const { name, email, role, platform, platformRole } = row;
    const facts = {
      by: ctx.actor.name,
      role: titles.get(JSON.stringify([role, platform, platformRole])) ?? '',
      platform: platform ?? '*',
      expiresAt: expiresAt.getTime(),
    };
    const dueAt = new Date(now.getTime() + Math.floor(sent / IMPORT_MAILS_PER_SECOND) * 1_000);
    sent += 1;
    return { to: { name, email }, ...noticeWords('users.invited', facts), link: `/invite#${token}`, dueAt };
  }

  return {
    async invite(tx, made) {
      await assertMay(tx, made);
      const links = made.map((person) => ({ person, token: newToken() }));
      await insertInvitations(
        tx,
        links.map(({ person, token }) => ({
          id: newImportId('inv'),
          userId: person.userId,
          tokenHash: tokenHash(token),
          // The roles are there already: the link only lets in.
          role: '',
          platform: '*',
          reason: 'Let in',
          grantExpiresAt: null,
          invitedBy,
          createdAt: now,
          expiresAt,
        })),
      );
      if (invitedBy === null)
        await markFromCommandLine(
          tx,
          made.map((person) => person.userId),
        );
      const notices = links.map(({ person, token }) => noticeOf(person, token));
      await noticesWithLinks(tx, ctx, sealing, notices);
    },
    entry: () =>
      sent === 0
        ? null
        : {
            action: 'users.invited',
            category: 'access',
            level: 'warning',
            target: { kind: 'import', id: importId },
            details: { people: sent, isMailed: true, expiresAt },
          },
  };
}
