import { lintDefinition, type LintRemark } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { storedPlatform } from '../queries/writes/platform-file.ts';
import { choiceOf, readPlatformFile, refuseFaults } from './apply-platform.ts';
import { assertMayWrite } from './definitions/save.ts';
import { planPlatform } from './platform-file/platform-plan.ts';

/**
 * What may be wrong with a platform file, without asking its source and without storing anything. Throws `invalid` with
 * each field that must be changed.
 */
export async function lintPlatformFile(ctx: Ctx, parsed: unknown): Promise<LintRemark[]> {
  const definition = readPlatformFile(parsed);
  assertMayWrite(ctx, definition.platform);
  const stored = await storedPlatform(ctx.db, definition.platform);
  const plan = planPlatform(definition, choiceOf(definition, false), stored, ctx.now());
  refuseFaults(plan);
  const { intervalMs } = plan.source;
  return plan.changes.flatMap((change, i) =>
    lintDefinition(change.definition, { intervalMs }).map((remark) => ({
      ...remark,
      field: `slos[${i}].${remark.field}`,
    })),
  );
}
