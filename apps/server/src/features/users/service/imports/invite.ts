import { DomainError } from '@qd/shared/errors';
import { SECOND_MS } from '@qd/shared/time';
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
import type { Imprint } from '../../queries/imports/apply.ts';
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
export function createInviter(
  ctx: Ctx,
  { sealing }: NonNullable<ImportsDeps['mail']>,
  { importId, now }: Pick<Imprint, 'importId' | 'now'>,
): Inviter {
  // The very instant the people are made at: taking the import back tells its own invitations by it.
  const life = { createdAt: now, expiresAt: new Date(now.getTime() + INVITATION_MS) };
  const { expiresAt } = life;
  /** What the roles asked about are called, by kind of row. */
  const titles = new Map<string, string>();
  let sent = 0;
  return {
    async invite(tx, made) {
      await askRights(tx, ctx, made, titles);
      const links = made.map((person) => ({ ...person, token: newToken() }));
      await storeLinks(tx, ctx, links, life);
      const notices = links.map(({ row, token }, i): NoticeWithLink => {
        const role = titles.get(kindOf(row)) ?? '';
        const facts = { by: ctx.actor.name, role, platform: row.platform ?? '*', expiresAt: expiresAt.getTime() };
        const dueAt = dueOf(now, sent + i);
        return { to: row, ...noticeWords('users.invited', facts), link: `/invite#${token}`, dueAt };
      });
      await noticesWithLinks(tx, ctx, sealing, notices);
      sent += notices.length;
    },
    entry: () => (sent === 0 ? null : entryOf(importId, { people: sent, isMailed: true, expiresAt })),
  };
}

function kindOf({ role, platform, platformRole }: MadePerson['row']): string {
  return JSON.stringify([role, platform, platformRole]);
}

/** Asks once for each kind of row: people with the same roles get the same answer. */
async function askRights(tx: Tx, ctx: Ctx, made: readonly MadePerson[], titles: Map<string, string>): Promise<void> {
  for (const { userId, row } of made) {
    if (titles.has(kindOf(row))) continue;
    await assertMayInvite(tx, ctx, userId, null);
    titles.set(kindOf(row), await titleOf(tx, row.role ?? ''));
  }
}

async function storeLinks(
  tx: Tx,
  ctx: Ctx,
  links: readonly (MadePerson & { token: string })[],
  life: { createdAt: Date; expiresAt: Date },
): Promise<void> {
  const invitedBy = ctx.actor.kind === 'user' ? ctx.actor.id : null;
  // The roles are there already: the link only lets in.
  const brings = { role: '', platform: '*', reason: 'Let in', grantExpiresAt: null };
  const rows = links.map(({ userId, token }) => ({
    ...brings,
    id: newImportId('inv'),
    userId,
    tokenHash: tokenHash(token),
    invitedBy,
    ...life,
  }));
  await insertInvitations(tx, rows);
  if (invitedBy !== null) return;
  const ids = links.map((link) => link.userId);
  await markFromCommandLine(tx, ids);
}

function dueOf(now: Date, place: number): Date {
  return new Date(now.getTime() + Math.floor(place / IMPORT_MAILS_PER_SECOND) * SECOND_MS);
}

function entryOf(importId: string, details: Record<string, unknown>): AuditEntry {
  return {
    action: 'users.invited',
    category: 'access',
    level: 'warning',
    target: { kind: 'import', id: importId },
    details,
  };
}
