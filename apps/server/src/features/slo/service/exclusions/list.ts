import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import type { ExclusionListInput, ExclusionVersion, ExclusionView } from '@qd/shared/slo';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { exclusionOf, pastVersions, selectExclusions } from '../../queries/exclusions.ts';
import { visiblePlatforms } from '../list.ts';
import { viewOf, withNames } from './views.ts';

/** One page of exclusions on the platforms the actor may see, made last first. The cursor is the last id. */
export async function listExclusions(ctx: Ctx, input: ExclusionListInput): Promise<Page<ExclusionView>> {
  const platforms = visiblePlatforms(ctx, input.platform);
  const found = await selectExclusions(
    ctx.db,
    { platforms, slo: input.slo, withdrawn: input.withdrawn },
    { afterId: input.cursor ?? null, limit: input.limit },
  );
  const page = found.slice(0, input.limit);
  const nowMs = ctx.now().getTime();
  return {
    rows: (await withNames(ctx.db, page)).map((exclusion) => viewOf(exclusion, nowMs)),
    nextCursor: found.length > input.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Everything an exclusion ever said, the newest version first. Throws `not_found` or `forbidden`. */
export async function exclusionVersions(ctx: Ctx, id: string): Promise<ExclusionVersion[]> {
  const found = await exclusionOf(ctx.db, id);
  if (found === null) throw new DomainError('not_found', 'There is no such exclusion; check the address.');
  assertCan(ctx, 'slo:read', found.platformId, 'exclusion');
  return withNames(ctx.db, [found, ...(await pastVersions(ctx.db, id))]);
}
