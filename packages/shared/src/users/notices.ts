import { visibleText } from './text.ts';

/** Facts a notice to a person is told from. Instants are epoch ms; `by` names who acted. */
export interface NoticeFacts {
  'users.invited': { by: string; role: string; platform: string; expiresAt: number };
  'users.invitation_accepted': { name: string; email: string; role: string; platform: string };
  'users.welcomed': { role: string; platform: string };
  'users.role_granted': { by: string; role: string; platform: string; reason: string; expiresAt: number | null };
  'users.role_revoked': { by: string; role: string; platform: string; reason: string };
  /** Permissions by name, parted by commas; empty for none. */
  'users.role_changed': { by: string; role: string; added: string; removed: string; reason: string };
  'users.suspended': { by: string; reason: string };
  'users.reinstated': { by: string; reason: string };
  'users.offboarded': { by: string; reason: string };
  'users.keys_taken_over': { by: string; from: string; count: number; keys: string; reason: string };
  'users.password_changed': { address: string | null };
  'users.password_link_sent': { by: string; expiresAt: number };
  'users.factors_link_sent': { by: string; expiresAt: number };
  'users.password_reset': { address: string | null };
  'users.factors_reset': { address: string | null };
  'users.factor_added': { factor: string };
  'users.factor_removed': { factor: string };
  'users.recovery_codes_renewed': Record<never, never>;
  'users.recovery_code_used': { left: number };
  'users.passkey_refused': { factor: string };
  'users.signed_in_on_new_device': { device: string; address: string | null };
  'users.sessions_ended': { by: string; count: number };
  'users.email_changed': { by: string; from: string; to: string };
  'users.identity_linked': { provider: string };
  'users.identity_unlinked': { provider: string };
  'api-keys.claim_sent': { by: string; key: string; platform: string; expiresAt: number };
  'api-keys.claimed': { name: string; email: string; key: string; platform: string; address: string | null };
  'api-keys.own_claimed': { by: string; key: string; platform: string; address: string | null };
  /** `role` is what the person is on call as: primary or secondary; `note` may be empty. */
  'oncall.slot_given': { by: string; role: string; platform: string; startsAt: number; endsAt: number; note: string };
  'oncall.slot_handed_over': {
    by: string;
    to: string;
    role: string;
    platform: string;
    startsAt: number;
    endsAt: number;
    reason: string;
  };
  'oncall.slot_ended': {
    by: string;
    role: string;
    platform: string;
    startsAt: number;
    endsAt: number;
    reason: string;
  };
  'approvals.requested': { by: string; summary: string; reason: string; expiresAt: number };
  'approvals.decided': { by: string; summary: string; decision: 'approve' | 'reject'; reason: string };
  'approvals.lapsed': { summary: string };
  'approvals.executed': { by: string; summary: string };
}

export type NoticeTopic = keyof NoticeFacts;

/** What a notice says, plain text on any number of lines. */
export interface NoticeWords {
  topic: NoticeTopic;
  title: string;
  text: string;
}

const notYou = 'If this was not you, tell an owner or admin at once and change your password.';
const unexpected = 'If you did not expect this, ask an owner or admin.';

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const where = (platform: string): string => (platform === '*' ? 'all platforms' : platform);
const from = (address: string | null): string => (address === null ? '' : ` It was done from ${address}.`);

type Said = Omit<NoticeWords, 'topic'>;
const say = (title: string, ...lines: string[]): Said => ({ title, text: lines.join('\n') });

const builders: { readonly [T in NoticeTopic]: (facts: NoticeFacts[T]) => Said } = {
  'users.invited': (f) =>
    say(
      'You are invited to Quarterdeck',
      `${f.by} invites you as ${f.role} on ${where(f.platform)}.`,
      `The link works once, until ${utc(f.expiresAt)}. Do not pass it on: whoever opens it first is you.`,
      'If you know nobody of that name, ignore this message.',
    ),
  'users.invitation_accepted': (f) =>
    say(
      `${f.name} accepted your invitation`,
      `${f.name} (${f.email}) is now ${f.role} on ${where(f.platform)}.`,
      unexpected,
    ),
  'users.welcomed': (f) =>
    say(
      'You accepted an invitation to Quarterdeck',
      `You are now ${f.role} on ${where(f.platform)}.`,
      'If this was not you, tell an owner or admin at once: somebody else used your invitation.',
    ),
  'users.role_granted': (f) =>
    say(
      `You are now ${f.role} on ${where(f.platform)}`,
      `${f.by} gave you the role${f.expiresAt === null ? '' : ` until ${utc(f.expiresAt)}`}.`,
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.role_revoked': (f) =>
    say(
      `You are no longer ${f.role} on ${where(f.platform)}`,
      `${f.by} took the role back.`,
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.role_changed': (f) =>
    say(
      `What you may do as ${f.role} has changed`,
      `${f.by} changed the role.`,
      ...(f.added === '' ? [] : [`Added: ${f.added}`]),
      ...(f.removed === '' ? [] : [`Removed: ${f.removed}`]),
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.suspended': (f) =>
    say(
      'You are suspended from Quarterdeck',
      `${f.by} suspended you; all your sessions have ended.`,
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.reinstated': (f) =>
    say('You may sign in to Quarterdeck again', `${f.by} reinstated you.`, `Reason: ${f.reason}`, unexpected),
  'users.offboarded': (f) =>
    say(
      'Your access to Quarterdeck has ended',
      `${f.by} ended your sessions, roles, keys and on-call slots.`,
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.keys_taken_over': (f) =>
    say(
      f.count === 1 ? 'An API key now acts in your name' : 'API keys now act in your name',
      `${f.by} passed on to you what ${f.from} had: ${f.keys}.`,
      `Reason: ${f.reason}`,
      unexpected,
    ),
  'users.password_changed': (f) =>
    say('Your password was changed', `Your other sessions have ended.${from(f.address)}`, notYou),
  'users.password_link_sent': (f) =>
    say(
      'Set a new password',
      `${f.by} made a link for you to set a new password.`,
      `It works once, until ${utc(f.expiresAt)}. Nobody will ask you for it.`,
      'If you did not ask for this, tell an owner or admin; your password is unchanged so far.',
    ),
  'users.factors_link_sent': (f) =>
    say(
      'Take your second factors off',
      `${f.by} made a link that takes your second factors off, so that you can set up new ones.`,
      `It works once, until ${utc(f.expiresAt)}. Nobody will ask you for it.`,
      'If you did not ask for this, tell an owner or admin at once; nothing has changed so far.',
    ),
  'users.password_reset': (f) =>
    say(
      'Your password was reset',
      `A new password was set for your account; all your sessions have ended.${from(f.address)}`,
      notYou,
    ),
  'users.factors_reset': (f) =>
    say(
      'Your second factors were taken off',
      `Your password alone signs you in until you set up new ones; all your sessions have ended.${from(f.address)}`,
      notYou,
    ),
  'users.factor_added': (f) =>
    say('A second factor was added', `${f.factor} can now be used to sign in as you.`, notYou),
  'users.factor_removed': (f) => say('A second factor was removed', `${f.factor} no longer works for you.`, notYou),
  'users.recovery_codes_renewed': () =>
    say('You have new recovery codes', 'The codes you had before no longer work.', notYou),
  'users.recovery_code_used': (f) =>
    say('A recovery code was used to sign in', `${f.left} of your codes are left.`, notYou),
  'users.passkey_refused': (f) =>
    say(
      'A passkey was refused',
      `${f.factor} answered like a copy of itself and was refused. Somebody may have copied it.`,
      'Remove it from your account and add a new one.',
    ),
  'users.signed_in_on_new_device': (f) =>
    say('You signed in on a new device', `Device: ${f.device}.${from(f.address)}`, notYou),
  'users.sessions_ended': (f) =>
    say(
      'You were signed out',
      f.count === 1 ? `${f.by} ended one of your sessions.` : `${f.by} ended ${f.count} of your sessions.`,
      unexpected,
    ),
  'users.email_changed': (f) =>
    say(
      'Your address was changed',
      `${f.by} changed your address from ${f.from} to ${f.to}; you sign in with the new one.`,
      unexpected,
    ),
  'users.identity_linked': (f) =>
    say(`${f.provider} was linked to your account`, `You can now sign in through ${f.provider}.`, notYou),
  'users.identity_unlinked': (f) =>
    say(`${f.provider} was unlinked from your account`, `${f.provider} no longer signs you in.`, notYou),
  'api-keys.claim_sent': (f) =>
    say(
      'A key is ready for you to draw',
      `${f.by} made the key ${f.key} for you, on ${f.platform}.`,
      `The link shows it once, until ${utc(f.expiresAt)}. Open it where you can store the key, and do not pass it on.`,
      'If you know nobody of that name, ignore this message.',
    ),
  'api-keys.claimed': (f) =>
    say(
      'A key you sent was drawn',
      `${f.name} (${f.email}) drew the key ${f.key} on ${f.platform}.${from(f.address)}`,
      'If they say it was not them, quarantine the key at once.',
    ),
  'api-keys.own_claimed': (f) =>
    say(
      'A key that acts for you was drawn',
      `The key ${f.key} on ${f.platform} was drawn by the link made by ${f.by}.${from(f.address)}`,
      'If that was not you, tell an admin at once: whoever drew it can act in your name.',
    ),
  'oncall.slot_given': (f) =>
    say(
      `You are on call for ${f.platform}`,
      `${f.by} put you on call as ${f.role}, from ${utc(f.startsAt)} to ${utc(f.endsAt)}.`,
      ...(f.note === '' ? [] : [`Note: ${f.note}`]),
      'If you cannot be there, tell them at once so that somebody else takes over.',
    ),
  'oncall.slot_handed_over': (f) =>
    say(
      `${f.to} takes over on call for ${f.platform}`,
      `${f.by} gave them what you had as ${f.role}, from ${utc(f.startsAt)} to ${utc(f.endsAt)}.`,
      `Reason: ${f.reason}`,
    ),
  'oncall.slot_ended': (f) =>
    say(
      `You are no longer on call for ${f.platform}`,
      `${f.by} took you off as ${f.role}, from ${utc(f.startsAt)} to ${utc(f.endsAt)}.`,
      `Reason: ${f.reason}`,
    ),
  'approvals.requested': (f) =>
    say(
      'Your approval is asked for',
      f.summary,
      `Asked for by ${f.by}. Reason: ${f.reason}`,
      `The request lapses at ${utc(f.expiresAt)}.`,
    ),
  'approvals.decided': (f) =>
    say(
      f.decision === 'approve' ? 'Your request was approved' : 'Your request was rejected',
      f.summary,
      `${f.by} decided. Reason: ${f.reason}`,
    ),
  'approvals.lapsed': (f) =>
    say('Your request lapsed', f.summary, 'Nothing was done; ask again if it is still needed.'),
  'approvals.executed': (f) => say('An approved request was carried out', f.summary, `Carried out by ${f.by}.`),
};

/** The words of a notice. Names and reasons come from people: none may hide a character or begin a line of its own. */
export function noticeWords<T extends NoticeTopic>(topic: T, facts: NoticeFacts[T]): NoticeWords {
  return { topic, ...builders[topic](visibleFacts(facts)) };
}

/** The same facts, every text of them on one visible line; nothing but texts changes. */
function visibleFacts<F extends object>(facts: F): F {
  const entries = Object.entries(facts).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? visibleText(value) : value,
  ]);
  return Object.fromEntries(entries) as F;
}
