import type { KeyNeed } from '@qd/shared/api-keys';
import type { SecretView } from '@qd/shared/secrets';
import { formatDay, formatDuration, formatWhen } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { joinWords, type NeedsInput, type Ranked } from './need.ts';

type At = Pick<NeedsInput, 'now' | 'zone'>;
type Part = Pick<Ranked, 'rank' | 'tone' | 'title' | 'detail' | 'figure'>;

const span = (ms: number): string => formatDuration(Math.max(ms, 60_000), { parts: 1 });

/** `Used 4 min ago.`, or that nobody knows of a use. */
function usedWords(lastUsedAt: number | null, now: number): string {
  return lastUsedAt === null
    ? 'It was never used.'
    : `Used ${now - lastUsedAt < 60_000 ? 'just now' : `${span(now - lastUsedAt)} ago`}.`;
}

const writers: Record<KeyNeed['kind'], (need: KeyNeed, at: At) => Part> = {
  quarantined: ({ name, platformName, at: since, reason }, { now, zone }) => ({
    rank: 3,
    tone: 'crit',
    title: `${name} of ${platformName} is quarantined`,
    detail: joinWords(
      `It opens nothing since ${formatWhen(since, zone, now)}.`,
      reason === null || reason === '' ? '' : `${reason.replace(/\.$/, '')}.`,
      'Release it, or make a successor.',
    ),
    figure: span(now - since),
  }),
  rotation_ending: ({ name, platformName, at: end, lastUsedAt }, { now }) => ({
    rank: 4,
    tone: 'crit',
    title: `The old key of ${name} still is used`,
    detail: joinWords(
      `${platformName}. It ends in ${span(end - now)}; calls with it are refused then.`,
      usedWords(lastUsedAt, now),
    ),
    figure: span(end - now),
  }),
  expiring: ({ name, platformName, at: end, lastUsedAt }, { now, zone }) => ({
    rank: 6,
    tone: 'warn',
    title: `${name} of ${platformName} expires in ${span(end - now)}`,
    detail: joinWords(`On ${formatDay(end, zone, now)}, and no rotation has begun.`, usedWords(lastUsedAt, now)),
    figure: span(end - now),
  }),
  overdue: ({ name, platformName, at: due, lastUsedAt }, { now, zone }) => ({
    rank: 6,
    tone: 'crit',
    title: `${name} of ${platformName} is overdue for rotation`,
    detail: joinWords(`It was due ${formatDay(due, zone, now)}.`, usedWords(lastUsedAt, now)),
    figure: span(now - due),
  }),
};

/** What keys ask for. */
export function keyNeeds({ keys, now, zone }: NeedsInput): Ranked[] {
  return keys.map((need) => ({
    ...writers[need.kind](need, { now, zone }),
    key: `key ${need.id}`,
    order: need.at,
    href: paths.key(need.id),
    action: 'Open key',
  }));
}

/** The ledger of ended keys, while it cannot be read or written. */
export function ledgerNeeds({ ledger, now }: NeedsInput): Ranked[] {
  if (ledger === null) return [];
  const { unwritten, failingSince } = ledger;
  const count = unwritten?.keys ?? 0;
  const keys = count === 1 ? '1 ended key is' : `${count.toLocaleString('en')} ended keys are`;
  return [
    {
      key: 'ledger',
      rank: 3,
      order: failingSince,
      tone: 'crit',
      title: count === 0 ? 'The ledger of ended keys fails' : `${keys} not in the ledger`,
      detail: joinWords(
        'They stay refused, but an older database that is restored would bring back what ended since.',
        'Look at the console’s health for the reason.',
      ),
      figure: span(now - failingSince),
      href: paths.keys,
      action: 'Open keys',
    },
  ];
}

/** Secrets whose day has passed. */
export function secretNeeds({ secrets, lanes, now, zone }: NeedsInput): Ranked[] {
  const nameOf = (id: string): string => lanes.find((lane) => lane.platformId === id)?.platformName ?? id;
  return secrets.flatMap((secret: SecretView) => {
    const { id, name, owner, nextDueAt, lastRotatedAt } = secret;
    if (nextDueAt === null || nextDueAt > now) return [];
    return {
      key: `secret ${id}`,
      rank: 6,
      order: nextDueAt,
      tone: 'crit',
      title: `${name} of ${nameOf(secret.platform)} is overdue for rotation`,
      detail: joinWords(
        `It was due ${formatDay(nextDueAt, zone, now)}${lastRotatedAt === null ? '' : `, rotated last ${formatDay(lastRotatedAt, zone, now)}`}.`,
        owner === '' ? 'Nobody answers for it.' : `${owner} answers for it.`,
      ),
      figure: span(now - nextDueAt),
      href: paths.keySecrets,
      params: { row: id },
      action: 'Open secret',
    } satisfies Ranked;
  });
}

/** What of keys and secrets could not be read: unknown is never good. */
export function unreadNeed({ unread }: NeedsInput): Ranked[] {
  if (unread === null) return [];
  return [
    {
      key: 'unread keys',
      rank: 9,
      order: 0,
      tone: 'stale',
      title: 'Keys and secrets that are due are not known',
      detail: unread,
      figure: '',
      href: paths.keys,
      action: 'Open keys',
    },
  ];
}
