import {
  cancelRotationInput,
  closeRotationInput,
  emergencyRotationInput,
  extendRotationInput,
  startRotationInput,
  type RotationBoard,
  type StartedRotation,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Command } from 'commander';
import { rotationBoard } from '../../features/api-keys/service/rotation/board.ts';
import { cancelRotation, closeRotation, extendRotation } from '../../features/api-keys/service/rotation/change.ts';
import { previewRotation } from '../../features/api-keys/service/rotation/preview.ts';
import { rotateAtOnce, startRotation } from '../../features/api-keys/service/rotation/start.ts';
import { checked } from '../input.ts';
import { printResult } from '../io.ts';
import type { CliConsole, CliTools } from '../tools.ts';
import { rotateMany, type ManyAsked } from './rotate-many.ts';

interface Given {
  overlap?: string;
  grace?: string;
  reason: string;
  emergency?: boolean;
  status?: boolean;
  extend?: string;
  cancel?: boolean;
  close?: boolean;
  force?: string;
  allDue?: boolean;
  platform?: string;
  preview?: boolean;
  json?: boolean;
}

interface Result {
  json: unknown;
  words: string;
}

/** `qd keys rotate`: a successor for a key, and what becomes of its rotation; or successors for many, each mailed. */
export function addRotate(keys: Command, { io, open }: CliTools): void {
  keys
    .command('rotate [ids...]')
    .description(
      'Make the successor of a key and print it, this once; or say and change where its rotation stands. Of several keys the successors are mailed as links to a consumer of each, and not printed',
    )
    .option('--all-due', 'rotate every key that is due, at most 100 at once')
    .option('--platform <platform>', 'with --all-due: only keys of this platform')
    .option('--preview', 'of several keys: say what would become of each, and change nothing')
    .option('--overlap <days>', 'how long both work, 0d to 30d; by default what the policy says')
    .option('--grace <hours>', 'end the old key also so long after the first use of the new one, e.g. 24h')
    .option('--emergency', 'end the old key at once')
    .option('--status', 'say where the rotation stands')
    .option('--extend <days>', 'let the old key work past its deadline, e.g. 7d')
    .option('--cancel', 'call the rotation off: the new key is revoked; with --force even one in use')
    .option('--close', 'end the old key now, if that breaks nobody')
    .option('--force <name>', 'name of the key: close or cancel although somebody would be refused')
    .option('--reason <reason>', 'kept in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (ids: string[], given: Given) => {
      const asked = oneOnly.filter((name) => given[name] !== undefined);
      if (asked.length > 1)
        throw new DomainError('invalid', 'Give one of --emergency, --status, --extend, --cancel, --close.');
      const keys = keysOf(ids, given);
      if (typeof keys === 'string') return printResult(io, await act(await open(), keys, given), given.json ?? false);
      if (asked.length > 0 || given.grace !== undefined || given.force !== undefined)
        throw new DomainError('invalid', 'Several keys are rotated with --overlap, --reason and --preview alone.');
      const { overlap, reason, preview = false, json = false } = given;
      const overlapDays = overlap === undefined ? undefined : amountOf(overlap, 'd', '--overlap');
      return rotateMany(io, await open(), { keys, overlapDays, reason, preview, json });
    });
}

const oneOnly = ['emergency', 'status', 'extend', 'cancel', 'close'] as const;

/** One key by its id, or which of many. Throws `invalid` unless it is said which. */
function keysOf(ids: readonly string[], { allDue, platform, preview }: Given): string | ManyAsked['keys'] {
  if (allDue === true && ids.length > 0) throw new DomainError('invalid', 'Name keys or give --all-due, not both.');
  if (allDue === true) return { dueOn: platform };
  if (platform !== undefined) throw new DomainError('invalid', 'Give --platform with --all-due.');
  const [first] = ids;
  if (first === undefined) throw new DomainError('invalid', 'Name a key or several, or give --all-due.');
  return ids.length > 1 || preview === true ? ids : first;
}

async function act(console_: CliConsole, keyId: string, given: Given): Promise<Result> {
  const { services } = console_;
  // Ends are set by the clock keys are judged by, which is the database's.
  const ctx = { ...console_.ctx, now: () => services.keys.now() };
  const { reason } = given;
  if (given.status === true) return statusOf(await rotationBoard(ctx, keyId));
  if (given.extend !== undefined) {
    const input = checked(extendRotationInput, { keyId, reason, days: amountOf(given.extend, 'd', '--extend') });
    const { endsAt } = await extendRotation(ctx, input);
    return { json: { endsAt: iso(endsAt) }, words: `The old key ends on ${utc(endsAt)}.` };
  }
  if (given.cancel === true) {
    const input = checked(cancelRotationInput, { keyId, reason, successorInUse: given.force !== undefined });
    const { revokedKeyId } = await cancelRotation(ctx, input);
    return { json: { revokedKeyId }, words: `The rotation is called off; the new key ${revokedKeyId} is revoked.` };
  }
  if (given.close === true) {
    const { endedAt } = await closeRotation(
      ctx,
      checked(closeRotationInput, { keyId, reason, typedName: given.force }),
    );
    return { json: { endedAt: iso(endedAt) }, words: 'The old key has ended.' };
  }
  if (given.emergency === true) {
    return startedResult(await rotateAtOnce(ctx, services.apiKeys, checked(emergencyRotationInput, { keyId, reason })));
  }
  const { policyOverlapDays } = await previewRotation(ctx, services.apiKeys, { keyId });
  const overlapDays = given.overlap === undefined ? policyOverlapDays : amountOf(given.overlap, 'd', '--overlap');
  const graceHours = given.grace === undefined ? null : amountOf(given.grace, 'h', '--grace');
  const input = checked(startRotationInput, { keyId, reason, overlapDays, graceHours });
  return startedResult(await startRotation(ctx, services.apiKeys, input));
}

function startedResult({ rotationId, newKeyId, text, endsAt, newExpiresAt }: StartedRotation): Result {
  const words = [
    text ?? '',
    `This is the only time it is shown. Its id is ${newKeyId}; it expires on ${utc(newExpiresAt)}.`,
    `The old key ends on ${utc(endsAt)}.`,
  ];
  return {
    json: { rotationId, id: newKeyId, key: text, expiresAt: iso(newExpiresAt), oldKeyEndsAt: iso(endsAt) },
    words: words.join('\n'),
  };
}

function statusOf(board: RotationBoard | null): Result {
  if (board === null) return { json: null, words: 'This key was never rotated.' };
  const moved = board.consumers.filter(({ sends }) => sends === 'new').length;
  const end = board.isOpen ? `ends on ${utc(board.endsAt)}` : `ended on ${utc(board.endsAt)} (${board.outcome ?? ''})`;
  const lines = [
    `${board.old.name}: ${board.old.id} is replaced by ${board.successor.id}; the old key ${end}.`,
    `${moved} of ${board.consumers.length} consumers send only the new key.`,
    ...board.consumers.map(
      (one) =>
        `  ${one.name}: ${one.sends ?? 'not told apart'}, old ${one.oldLastHour}, new ${one.newLastHour} in the last hour`,
    ),
    ...board.unknown.map(
      (one) => `  unknown ${one.address} ${one.agent}: ${one.sends}, old ${one.oldLastHour} in the last hour`,
    ),
    ...(board.isOpen ? [board.verdict.isSafe ? 'Safe to close.' : 'Not safe to close: it is still used.'] : []),
  ];
  return { json: board, words: lines.join('\n') };
}

/** A number of days or hours, written like `7d`, `24h` or bare. Throws `invalid`. */
function amountOf(text: string, unit: 'd' | 'h', option: string): number {
  const [, digits] = new RegExp(`^(\\d{1,4})${unit}?$`).exec(text.trim()) ?? [];
  if (digits === undefined)
    throw new DomainError('invalid', `${option} is written like ${unit === 'd' ? '7d' : '24h'}.`);
  return Number(digits);
}

const iso = (ms: number): string => new Date(ms).toISOString();
const utc = (ms: number): string => `${iso(ms).slice(0, 16).replace('T', ' ')} UTC`;
