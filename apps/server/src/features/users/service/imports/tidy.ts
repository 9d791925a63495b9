import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import { deleteRowsBefore, failAbandoned } from '../../queries/imports/imports.ts';
import { ABANDONED_AFTER_MS } from './check.ts';

/** How long the rows of a file are kept; what was imported, by whom and from which file stays. */
const KEEP_ROWS_MS = 30 * DAY_MS;

/** Closes uploads whose process died, and forgets the rows of files a month later. */
export async function tidyImports(ctx: Ctx): Promise<void> {
  const nowMs = ctx.now().getTime();
  const fault = 'The console stopped while the file was read; send it again.';
  const failed = await ingest(ctx, (tx) => failAbandoned(tx, new Date(nowMs - ABANDONED_AFTER_MS), fault));
  await ingest(ctx, (tx) => deleteRowsBefore(tx, new Date(nowMs - KEEP_ROWS_MS)));
  if (failed > 0) ctx.hub.publish('users');
}
