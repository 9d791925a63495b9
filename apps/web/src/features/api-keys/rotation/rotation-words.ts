import type { Adoption, BoardRow, RotationBoard } from '@qd/shared/api-keys';
import { formatCount, formatDateTime, formatDuration, formatWhen } from '../../../lib/format.ts';
import type { GlyphName } from '../../../ui/glyph.tsx';
import type { Tone } from '../../../ui/tone.ts';
import type { At } from '../list/state-words.ts';

/** What somebody sends, as a word. Null: its calls cannot be told from others'. */
export function sendsWord(sends: Adoption | null): { tone: Tone; word: string } {
  if (sends === null) return { tone: 'stale', word: 'Not told apart' };
  return words[sends];
}

const words: Readonly<Record<Adoption, { tone: Tone; word: string }>> = {
  new: { tone: 'ok', word: 'New key' },
  old: { tone: 'warn', word: 'Old key' },
  both: { tone: 'warn', word: 'Both' },
  silent: { tone: 'none', word: 'Silent 24 h' },
};

/** How many consumers send only the new key. */
export function movedCount(board: RotationBoard): number {
  return board.consumers.filter(({ sends }) => sends === 'new').length;
}

/** One step of a rotation: its mark, its name and what is known of it. */
export interface Step {
  glyph: GlyphName;
  tone: Tone;
  title: string;
  text: string;
}

/** The four steps of a rotation, in order. */
export function stepsOf(board: RotationBoard, at: At): Step[] {
  return [createdStep(board, at), toldStep(board, at), movingStep(board), endStep(board, at)];
}

function createdStep({ successor, outcome }: RotationBoard, { zone, nowMs }: At): Step {
  const made = formatDateTime(successor.createdAt, zone, nowMs);
  if (outcome === 'cancelled') return { glyph: 'closed', tone: 'none', title: 'New key revoked', text: `made ${made}` };
  const expires = successor.expiresAt === null ? '' : `, expires ${formatDateTime(successor.expiresAt, zone, nowMs)}`;
  if (successor.isPending)
    return { glyph: 'half', tone: 'info', title: 'New key waits', text: `${made}, its link was not opened yet` };
  return { glyph: 'ok', tone: 'ok', title: 'New key created', text: `${made}${expires}` };
}

function toldStep({ consumers }: RotationBoard, { zone, nowMs }: At): Step {
  const title = 'Consumers told';
  if (consumers.length === 0) return { glyph: 'due', tone: 'none', title, text: 'none are named' };
  const told = consumers.filter(({ toldAt }) => toldAt !== null);
  const known = consumers.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length;
  const undelivered = consumers.filter(({ notDelivered }) => notDelivered !== null).length;
  const last = Math.max(...told.map(({ toldAt }) => toldAt ?? 0));
  const when = told.length === 0 ? '' : `, ${formatDateTime(last, zone, nowMs)}`;
  const trouble = undelivered === 0 ? '' : `, ${undelivered} not delivered`;
  const text = `${told.length} of ${consumers.length} notified, ${known} acknowledged${when}${trouble}`;
  if (undelivered > 0) return { glyph: 'warn', tone: 'warn', title, text };
  return told.length === consumers.length
    ? { glyph: 'ok', tone: 'ok', title, text }
    : { glyph: 'half', tone: 'info', title, text };
}

function movingStep(board: RotationBoard): Step {
  const [moved, all] = [movedCount(board), board.consumers.length];
  const isDone = all > 0 && moved === all;
  const title = isDone ? 'Consumers moved' : 'Consumers move';
  const text = all === 0 ? 'none are named' : `${moved} of ${all} on the new key`;
  return isDone ? { glyph: 'ok', tone: 'ok', title, text } : { glyph: 'half', tone: 'info', title, text };
}

function endStep({ isOpen, endsAt, outcome, closedAt }: RotationBoard, { zone, nowMs }: At): Step {
  if (outcome === 'cancelled') {
    const when = closedAt === null ? '' : formatDateTime(closedAt, zone, nowMs);
    return { glyph: 'closed', tone: 'none', title: 'Called off', text: `${when}, the old key goes on` };
  }
  const when = formatDateTime(endsAt, zone, nowMs);
  if (!isOpen || endsAt <= nowMs) return { glyph: 'done', tone: 'ok', title: 'Old key ended', text: when };
  return { glyph: 'due', tone: 'none', title: 'Old key ends', text: `${when}, or now` };
}

/** The clocks that end the old key, as sentences; the first one is the one that counts. */
export function clockWords(board: RotationBoard, { zone, nowMs }: At): string[] {
  const deadline = `deadline ${formatDateTime(board.deadlineAt, zone, nowMs)}`;
  if (board.graceMs === null) return [`The old key ends at its ${deadline}.`];
  const grace = formatDuration(board.graceMs);
  if (board.graceEndsAt === null) {
    return [
      `The old key ends at its ${deadline}, or ${grace} after the first use of the new one, which was not used yet.`,
    ];
  }
  const used = `${grace} after the first use of the new one is ${formatDateTime(board.graceEndsAt, zone, nowMs)}`;
  return [`The old key ends ${formatDateTime(board.endsAt, zone, nowMs)}: ${used}, the ${deadline}.`];
}

/** Whether the old key can be closed, and what speaks against it. */
export function verdictWords(board: RotationBoard, { zone, nowMs }: At): { tone: Tone; word: string; why: string } {
  const { verdict } = board;
  if (verdict.isSafe) {
    const why =
      verdict.because === 'silent'
        ? 'Nobody has sent the old key for 24 h.'
        : 'Every consumer that is told apart sends only the new key, and nobody unknown sent the old one for 24 h.';
    return { tone: 'ok', word: 'Safe to close', why };
  }
  const who = [
    ...(verdict.stillOld.length === 0 ? [] : [verdict.stillOld.join(', ')]),
    ...(verdict.unknownCallers === 0
      ? []
      : [`${formatCount(verdict.unknownCallers)} unknown ${verdict.unknownCallers === 1 ? 'caller' : 'callers'}`]),
  ];
  const last = formatWhen(verdict.lastOldMs, zone, nowMs);
  const by = who.length === 0 ? '' : ` by ${who.join(' and ')}`;
  return { tone: 'warn', word: 'Not safe to close', why: `The old key is still used${by}, last ${last}.` };
}

/** What a consumer was told, for a cell. */
export function toldWords(
  { toldAt, acknowledgedAt, notDelivered }: BoardRow,
  { zone, nowMs }: At,
): { tone: Tone; word: string } {
  if (notDelivered !== null) return { tone: 'warn', word: 'Not delivered' };
  if (acknowledgedAt !== null) return { tone: 'ok', word: `Knows, ${formatWhen(acknowledgedAt, zone, nowMs)}` };
  if (toldAt !== null) return { tone: 'info', word: `Told ${formatWhen(toldAt, zone, nowMs)}` };
  return { tone: 'none', word: 'Not told' };
}

/** Why the old key cannot work longer; undefined while it can. */
export function noExtension(board: Pick<RotationBoard, 'endsAt' | 'latestEndAt'>): string | undefined {
  return board.endsAt >= board.latestEndAt ? 'The old key cannot work longer than this.' : undefined;
}
