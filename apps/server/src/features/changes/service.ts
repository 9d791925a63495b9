import { createHash } from 'node:crypto';
import { type ChangesDayInput, type DeployInput, deployInput, deployMark, incidentMark } from '@qd/shared/changes';
import { DomainError } from '@qd/shared/errors';
import { platformsWith } from '@qd/shared/permissions';
import type { Mark } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { changesIn } from '../../db/queries/changes.ts';
import { assertCan } from '../../platform/access.ts';
import type { Ctx } from '../../platform/context.ts';
import { write } from '../../platform/write.ts';
import { hasDeploy, hasPlatform, insertDeploy } from './queries.ts';

/** What happened in the 24 hours from `dayStartAt` on the platforms the actor may see, by time. */
export async function changesOfDay(ctx: Ctx, input: ChangesDayInput): Promise<{ marks: Mark[] }> {
  const allowed = platformsWith(ctx.actor.grants, 'changes:read');
  const { platform, dayStartAt } = input;
  const seen = platform === undefined || allowed === '*' || allowed.includes(platform);
  const platforms = platform === undefined ? allowed : seen ? [platform] : [];
  const range = { platforms, fromMs: dayStartAt, toMs: dayStartAt + DAY_MS };
  const { incidents, deploys } = await changesIn(ctx.db, range);
  return { marks: [...incidents.map(incidentMark), ...deploys.map(deployMark)].sort((a, b) => a.at - b.at) };
}

/** How far ahead of our clock a deploy may lie: senders' clocks differ. */
const AHEAD_MS = 5 * MINUTE_MS;
/** Older deploys are outside every window. */
const BEHIND_MS = 400 * DAY_MS;

/**
 * Records a version that went live. The same platform, service, version and time again is the same deploy.
 * Throws `invalid` naming the field, and `not_found` for a platform that does not exist or the caller may not see.
 */
export async function recordDeploy(ctx: Ctx, body: unknown): Promise<{ id: string; created: boolean }> {
  const input = deployInput.parse(body ?? {});
  assertCan(ctx, 'changes:write', input.platform);
  const nowMs = ctx.now().getTime();
  if (input.at > nowMs + AHEAD_MS) throw refusal('at', 'lies in the future; check the sender’s clock');
  if (input.at < nowMs - BEHIND_MS) throw refusal('at', 'is more than 400 days ago; leave it out');
  if (!(await hasPlatform(ctx.db, input.platform))) throw refusal('platform', 'does not exist', 'not_found');
  const id = deployId(input);
  if (await hasDeploy(ctx.db, id)) return { id, created: false };
  await write(ctx, async (tx, record) => {
    await insertDeploy(tx, {
      id,
      platformId: input.platform,
      service: input.service,
      version: input.version,
      summary: input.summary ?? '',
      at: new Date(input.at),
      actor: input.actor ?? null,
      url: input.url ?? null,
    });
    record({
      action: 'changes.deploy_recorded',
      category: 'changes',
      platform: input.platform,
      target: { kind: 'deploy', id },
      details: { service: input.service, version: input.version, at: new Date(input.at).toISOString() },
    });
  });
  ctx.hub.publish('changes');
  return { id, created: true };
}

function deployId({ platform, service, version, at }: DeployInput): string {
  const text = JSON.stringify([platform, service, version, at]);
  return `dep_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

function refusal(field: string, message: string, code: 'invalid' | 'not_found' = 'invalid'): DomainError {
  return new DomainError(code, `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}
