import {
  listKeyRowsInput,
  MAX_ROTATED_AT_ONCE,
  previewManyRotationsInput,
  startManyRotationsInput,
  type ManyRotationCandidate,
  type ManyRotationVerdict,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { listKeyRows } from '../../features/api-keys/service/list/list.ts';
import { previewManyRotations, startManyRotations } from '../../features/api-keys/service/rotation/many.ts';
import { checked } from '../input.ts';
import { printRows, type CliIo } from '../io.ts';
import type { CliConsole } from '../tools.ts';

/** Which keys are rotated together, and how. */
export interface ManyAsked {
  /** Ids, or every key that is due, of one platform if it is named. */
  keys: readonly string[] | { dueOn: string | undefined };
  overlapDays: number | undefined;
  reason: string;
  /** Say what would happen, and change nothing. */
  preview: boolean;
  json: boolean;
}

/** Rotates several keys and says what became of each. Throws `conflict` when one was left out, once all is printed. */
export async function rotateMany(io: CliIo, { ctx, services }: CliConsole, asked: ManyAsked): Promise<void> {
  // Ends are set by the clock keys are judged by, which is the database's.
  const timed = { ...ctx, now: () => services.keys.now() };
  const keyIds = 'dueOn' in asked.keys ? await dueKeys(io, timed, asked.keys.dueOn) : asked.keys;
  const { overlapDays, reason, preview, json } = asked;
  if (keyIds.length === 0) return printRows(io, [], json);
  if (preview) {
    const input = checked(previewManyRotationsInput, { keyIds, overlapDays });
    const { candidates } = await previewManyRotations(timed, services.apiKeys, input);
    return printRows(io, candidates.map(json ? asJson : candidateRow), json);
  }
  const input = checked(startManyRotationsInput, { keyIds, overlapDays, reason });
  const verdicts = await startManyRotations(timed, services.apiKeys, input);
  printRows(io, verdicts.map(json ? asJson : verdictRow), json);
  const left = verdicts.filter(({ isStarted }) => !isStarted).length;
  if (left === 0) return;
  throw new DomainError('conflict', `${left} of ${verdicts.length} keys were not rotated; the list says why of each.`);
}

/** Ids of keys that are due, as many as are rotated at once. */
async function dueKeys(io: CliIo, ctx: CliConsole['ctx'], platform: string | undefined): Promise<string[]> {
  const input = checked(listKeyRowsInput, { show: 'due', platform, limit: MAX_ROTATED_AT_ONCE });
  const { rows, nextCursor } = await listKeyRows(ctx, input);
  if (nextCursor !== null)
    io.err(`More than ${MAX_ROTATED_AT_ONCE} keys are due; these are the first. Run it again for the rest.\n`);
  return rows.map(({ id }) => id);
}

function asJson<Row extends object>(row: Row): Record<string, unknown> {
  const instants = ['endsAt', 'deadlineAt'];
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      instants.includes(name) && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  );
}

function candidateRow(row: ManyRotationCandidate): Record<string, unknown> {
  const { keyId: id, name, platform, sentTo, deadlineAt, refusal } = row;
  return { id, name, platform, 'mailed to': sentTo, 'old key ends': day(deadlineAt), 'left out': refusal };
}

function verdictRow(row: ManyRotationVerdict): Record<string, unknown> {
  const { keyId: id, name, newKeyId, sentTo, endsAt, message } = row;
  return { id, name, 'new key': newKeyId, 'mailed to': sentTo, 'old key ends': day(endsAt), 'left out': message };
}

function day(ms: number | null): string | null {
  return ms === null ? null : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
