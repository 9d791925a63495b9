import { DAY_MS } from '../time/index.ts';
import { visibleText } from '../users/index.ts';

/** Days before the end of a key at which its consumers are told; the last one after it, to who still tries. */
export const noticeDays = [7, 3, 1, 0, -1] as const;
/** How long after the end consumers are told of it at all: later it is old news. */
const STALE_MS = 3 * DAY_MS;

/** What is known of the notices to one consumer about one end of a key. Instants are epoch ms. */
export interface NoticeStanding {
  endsMs: number;
  /** When a rotation was started, at which everybody is told; null for keys that just expire. */
  startedMs: number | null;
  /** `daysBefore` of the notices sent about this end. */
  sent: readonly number[];
}

/**
 * The one notice that is due now, as days before the end, or null. After a pause only the latest step is caught up with, and a
 * step is never gone back to. A rotation tells everybody when it starts, whatever the ladder says.
 */
export function dueNotice({ endsMs, startedMs, sent }: NoticeStanding, nowMs: number): number | null {
  if (nowMs >= endsMs + STALE_MS) return null;
  const opening = startedMs === null || nowMs < startedMs ? [] : [openingDays(startedMs, endsMs)];
  const reached = noticeDays.filter((days) => endsMs - days * DAY_MS <= nowMs);
  const step = Math.min(...opening, ...reached);
  return Number.isFinite(step) && sent.every((days) => days > step) ? step : null;
}

/** Whole days, rounded up, between the start of a rotation and the end of its old key. */
function openingDays(startedMs: number, endsMs: number): number {
  return Math.max(0, Math.ceil((endsMs - startedMs) / DAY_MS));
}

/** What a notice to a consumer is told from. Instants are epoch ms. */
export interface KeyEndFacts {
  keyName: string;
  /** The public part of the key, e.g. `hsi_prod_key_a1b2c3d4…`. */
  shown: string;
  platformName: string;
  environment: string;
  consumer: string;
  ownerName: string;
  endsAt: number;
  /** The step of the ladder; null for a reminder sent by hand. */
  daysBefore: number | null;
  /** True when a successor is there to move to. */
  isRotated: boolean;
}

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The words of a notice to a consumer, plain text on several lines. */
export function keyEndWords(facts: KeyEndFacts): { title: string; text: string } {
  const [keyName, consumer, platform, owner] = [facts.keyName, facts.consumer, facts.platformName, facts.ownerName].map(
    visibleText,
  );
  const key = `${keyName} (${facts.shown}, ${platform} ${facts.environment})`;
  const isOver = facts.daysBefore !== null && facts.daysBefore <= 0;
  const isTried = facts.daysBefore !== null && facts.daysBefore < 0;
  const when = `${isOver ? 'ended' : 'ends'} on ${utc(facts.endsAt)}`;
  const remedy = facts.isRotated
    ? 'It has a successor: ask whoever sent you this for it if you do not have it yet.'
    : 'No successor has been made yet: ask whoever runs the platform for a new key.';
  const text = [
    `Hello ${owner},`,
    '',
    `The API key ${key}, which ${consumer} uses, ${when}.`,
    ...(isTried ? [`${consumer} still sends it, and is refused.`] : []),
    remedy,
    'Open the link to say that you know.',
  ];
  const words = facts.daysBefore === null ? 'Reminder: the' : 'The';
  return { title: `${words} API key ${keyName} ${when}`, text: text.join('\n') };
}
