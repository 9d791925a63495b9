import { DomainError } from '@qd/shared/errors';
import { manualSchedules } from '@qd/shared/secrets';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { platformExists, selectNames } from '../queries/secrets.ts';
import { insertSecrets } from '../queries/writes.ts';
import { newId } from './change.ts';
import { invalid, refusingTakenNames } from './faults.ts';

/**
 * Enters what the manual of a platform asks to be rotated and the register does not have yet; nobody knows yet when each was
 * rotated last. Gives how many were added. Throws `precondition` when there is nothing to add, `forbidden` or `not_found`.
 */
export async function addSchedule(ctx: Ctx, { platform }: { platform: string }): Promise<{ added: number }> {
  assertCan(ctx, 'secrets:write', platform, 'platform');
  const schedule = manualSchedules[platform];
  if (schedule === undefined) throw new DomainError('precondition', 'The manual of this platform has no schedule.');
  const now = ctx.now();
  const added = await refusingTakenNames(() =>
    write(ctx, async (tx, record) => {
      if (!(await platformExists(tx, platform))) throw invalid('platform', 'names no platform');
      const known = new Set(await selectNames(tx, platform));
      const rows = schedule
        .filter(({ name }) => !known.has(name))
        .map((entry) => ({ ...entry, id: newId('sec'), platform, createdAt: now, updatedAt: now }));
      if (rows.length === 0) throw new DomainError('precondition', 'Everything the manual names is in the register.');
      await insertSecrets(tx, rows);
      for (const { id, name, cadence } of rows) {
        record({
          action: 'secrets.created',
          category: 'secrets',
          platform,
          target: { kind: 'secret', id },
          details: { from: 'the schedule of the manual' },
          after: { name, cadence },
        });
      }
      return rows.length;
    }),
  );
  ctx.hub.publish('secrets');
  return { added };
}
