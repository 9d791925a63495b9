import { DomainError } from '@qd/shared/errors';
import type { SloSourceInput } from '@qd/shared/slo';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { insertPlatform, insertSource, type PlatformRow, storedPlatform } from '../queries/writes/platform-file.ts';
import type { SloDeps } from './deps.ts';
import { sourceIdOf, sourceNames } from './platform-file/platform-plan.ts';

/**
 * Adds a place to measure a platform from, after it has answered once; a platform that is not known yet is added with
 * it, by who may define objectives on all of them. Gives the id of the source. Throws `conflict` when the platform has
 * a source of that kind, `upstream` when it does not answer, `invalid` for an address that may not be read.
 */
export async function addSource(ctx: Ctx, deps: SloDeps, input: SloSourceInput): Promise<{ id: string }> {
  const { platform, kind, url, intervalMs } = input;
  const stored = await storedPlatform(ctx.db, platform);
  assertCan(ctx, 'slo:write', stored.platform === null ? null : platform);
  refuseDemo(stored.platform);
  const id = sourceIdOf(platform, kind);
  if (stored.sources.some((source) => source.id === id)) throw taken(kind, platform);
  const learnt = await asked(deps, { id, kind, url, intervalMs });
  const createdAt = ctx.now();
  await write(ctx, async (tx, record) => {
    if (stored.platform === null)
      await insertPlatform(tx, { id: platform, name: input.platformName ?? platform, createdAt });
    const name = sourceNames[kind];
    const row = { id, platformId: platform, kind, name, url, intervalMs, createdAt, ...learnt };
    if (!(await insertSource(tx, row))) throw taken(kind, platform);
    record({
      action: 'slo.source_added',
      category: 'slo',
      platform,
      target: { kind: 'source', id },
      details: { kind, url, intervalMs, isNewPlatform: stored.platform === null },
    });
  });
  ctx.hub.publish('platforms');
  ctx.hub.publish('health');
  return { id };
}

/** What the source says of itself; nothing for one that is not read. */
async function asked(
  deps: Pick<SloDeps, 'openSource'>,
  spec: Parameters<SloDeps['openSource']>[0],
): Promise<{ serverVersion?: string | null; latencyMs?: number }> {
  const source = deps.openSource(spec);
  if (source === null) return {};
  try {
    const { version, latencyMs } = await source.probe();
    return { serverVersion: version, latencyMs };
  } finally {
    await source.close();
  }
}

function refuseDemo(platform: PlatformRow | null): void {
  if (platform?.isDemo !== true) return;
  throw new DomainError(
    'precondition',
    `${platform.name} belongs to the demo; remove the demo, or name another platform.`,
  );
}

function taken(kind: string, platform: string): DomainError {
  const message = `is there already: ${platform} has one source of the kind ${kind}; choose it in the form`;
  return new DomainError('conflict', `The source ${message}.`, { fields: [{ field: 'kind', message }] });
}
