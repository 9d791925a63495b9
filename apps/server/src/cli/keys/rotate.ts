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
  json?: boolean;
}

interface Result {
  json: unknown;
  words: string;
}

/** `qd keys rotate`: a successor for a key, and what becomes of its rotation. */
export function addRotate(keys: Command, { io, open }: CliTools): void {
  keys
    .command('rotate <id>')
    .description('Make the successor of a key and print it, this once; or say and change where its rotation stands')
    .option('--overlap <days>', 'how long both work, 0d to 30d; by default what the policy says')
    .option('--grace <hours>', 'end the old key also so long after the first use of the new one, e.g. 24h')
    .option('--emergency', 'end the old key at once')
    .option('--status', 'say where the rotation stands')
    .option('--extend <days>', 'let the old key work longer, e.g. 7d')
    .option('--cancel', 'call the rotation off: the new key is revoked; with --force even one in use')
    .option('--close', 'end the old key now, if that breaks nobody')
    .option('--force <name>', 'name of the key: close or cancel although somebody would be refused')
    .option('--reason <reason>', 'kept in the audit log', 'On the command line')
    .option('--json', 'print JSON')
    .action(async (keyId: string, given: Given) => {
      const asked = [given.emergency, given.status, given.extend, given.cancel, given.close].filter(
        (one) => one !== undefined,
      );
      if (asked.length > 1)
        throw new DomainError('invalid', 'Give one of --emergency, --status, --extend, --cancel, --close.');
      printResult(io, await act(await open(), keyId, given), given.json ?? false);
    });
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
