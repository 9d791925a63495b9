import { platformsWith } from '@qd/shared/permissions';
import { hasHistory, indicatorKindsOf, type SloSourcesInput, type SourceChoiceView } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { sourcesOf, type StoredSource } from '../queries/sources.ts';
import { isSourceDown } from './summary-input.ts';

/** Where the actor may define objectives: sources of their platforms, those that take pushed counts among them. */
export async function listSources(ctx: Ctx, { platform }: SloSourcesInput): Promise<SourceChoiceView[]> {
  const allowed = platformsWith(ctx.actor.grants, 'slo:write');
  const isAllowed = platform === undefined || allowed === '*' || allowed.includes(platform);
  const of = platform === undefined ? allowed : isAllowed ? [platform] : [];
  const nowMs = ctx.now().getTime();
  return (await sourcesOf(ctx.db, of)).map((source) => choiceOf(source, nowMs));
}

function choiceOf(source: StoredSource, nowMs: number): SourceChoiceView {
  const { id, platformId, platformName, kind, name, url, serverVersion } = source;
  return {
    id,
    platformId,
    platformName,
    kind,
    name,
    url,
    hasHistory: hasHistory(kind),
    kinds: [...indicatorKindsOf(kind)],
    serverVersion,
    isDown: isSourceDown(source, nowMs),
  };
}
