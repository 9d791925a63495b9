import { randomBytes } from 'node:crypto';
import { thinToHours, type CumulativeRow, type PlatformDefinition } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf, startOfMinute, startOfUtcDay } from '@qd/shared/time';
import type { DemoHistory, DemoScript } from '../../adapters/metrics/demo/port.ts';
import type { Ctx } from '../../platform/context.ts';
import { ingest, write } from '../../platform/write.ts';
import { forgetKeys, retellKeys, tellKeys } from './demo-keys/tell.ts';
import { forgetSlots, tellSlots } from './demo-oncall/tell.ts';
import { demoDirectoryRows } from './demo-people.ts';
import { catalogRows, eventRows, exclusionRows, peopleRows } from './demo-rows.ts';
import * as queries from './queries.ts';

/** The window the mocks of the manuals are told in: now lies on its 25th day. */
const DAYS_INTO_WINDOW = 24;
const MINUTE_TIER_MINUTES = 8 * 1_440;
/** The story ends after 49 minutes; it is told again from the start once it is this old. */
const RETELL_AFTER_MS = 6 * 60 * MINUTE_MS;
const FACT = 'demo';

export interface DemoDeps {
  script: DemoScript;
  /** Presets of the demo's platforms. */
  presets: readonly PlatformDefinition[];
  /** Gives a PHC string of the password. */
  hashPassword(password: string): Promise<string>;
}

/** Whether the demo is there, and at which epoch minute its "now" was. */
export interface DemoState {
  state: 'never' | 'loaded' | 'removed';
  nowMinute: number;
}

/** State of the demo of this installation. */
export async function demoState(ctx: Pick<Ctx, 'db'>): Promise<DemoState> {
  const value = (await queries.readFact(ctx.db, FACT)) as DemoState | null;
  return value ?? { state: 'never', nowMinute: 0 };
}

/**
 * Loads the demo: platforms, objectives with 90 days of history, incidents, deploys, one account per role, a directory of
 * invented people nobody can sign in as, keys nobody holds with their calls, and who is on call.
 * Gives the password of the accounts when it was drawn here; null when it was given.
 */
export async function loadDemo(
  ctx: Ctx,
  deps: DemoDeps,
  password: string | null,
): Promise<{ password: string | null }> {
  const drawn = password ?? randomBytes(12).toString('base64url');
  const passwordHash = await deps.hashPassword(drawn);
  const nowMinute = minuteOf(ctx.now().getTime());
  await write(ctx, async (tx, record) => {
    await queries.insertDemoCatalog(tx, catalogRows(deps.presets, ctx.now(), new Date(windowStart(nowMinute))));
    await queries.insertDemoExclusions(tx, exclusionRows(deps.presets, ctx.now()));
    await queries.insertDemoPeople(tx, ...peopleRows(passwordHash, deps.presets, ctx.now()));
    await queries.insertDemoDirectory(tx, demoDirectoryRows(platformsOf(deps), ctx.now()));
    await queries.writeFact(tx, FACT, { state: 'loaded', nowMinute: 0 } satisfies DemoState, ctx.now());
    record({
      action: 'settings.demo_loaded',
      category: 'settings',
      target: { kind: 'demo', id: 'demo' },
      details: { platforms: platformsOf(deps) },
    });
  });
  await tellStory(ctx, deps, nowMinute);
  await tellKeys(ctx, platformsOf(deps));
  await tellSlots(ctx, platformsOf(deps));
  for (const topic of ['platforms', 'users', 'settings'] as const) ctx.hub.publish(topic);
  return { password: password === null ? drawn : null };
}

/** Moves the demo's "now" to the present when its story is old or half told. True if it moved. */
export async function retellDemo(ctx: Ctx, deps: DemoDeps, olderThanMs = RETELL_AFTER_MS): Promise<boolean> {
  const { state, nowMinute } = await demoState(ctx);
  if (state !== 'loaded' || ctx.now().getTime() - startOfMinute(nowMinute) < olderThanMs) return false;
  await tellStory(ctx, deps, minuteOf(ctx.now().getTime()));
  await retellKeys(ctx, platformsOf(deps));
  await tellSlots(ctx, platformsOf(deps));
  return true;
}

function platformsOf(deps: Pick<DemoDeps, 'presets'>): string[] {
  return deps.presets.map((preset) => preset.platform);
}

/** The story of a demo objective as it goes on past the moment it was told from; null when there is none. */
export function storyOf(
  deps: Pick<DemoDeps, 'script'>,
  slo: { platformId: string; slug: string; targetPercent: string; windowMs: number },
  nowMinute: number,
): DemoHistory | null {
  return deps.script.bind(`${slo.platformId}/${slo.slug}`, {
    nowMinute,
    windowStartMinute: minuteOf(windowStart(nowMinute)),
    windowMinutes: slo.windowMs / MINUTE_MS,
    targetPercent: slo.targetPercent,
  });
}

function windowStart(nowMinute: number): number {
  return startOfUtcDay(startOfMinute(nowMinute)) - DAYS_INTO_WINDOW * DAY_MS;
}

/** One transaction per objective: the embedded store answers others in between. */
async function tellStory(ctx: Ctx, deps: DemoDeps, nowMinute: number): Promise<void> {
  for (const slo of await queries.demoSlos(ctx.db)) {
    const history = storyOf(deps, slo, nowMinute);
    if (history === null) continue;
    const rows = cumulate(history, nowMinute);
    const minutes = rows.filter((r) => r.m >= nowMinute - MINUTE_TIER_MINUTES);
    await ingest(ctx, (tx) =>
      queries.replaceBuckets(
        tx,
        {
          sliId: slo.sliId,
          anchorAt: new Date(windowStart(nowMinute)),
          sinceMinute: history.firstMinute,
          untilMinute: nowMinute,
        },
        minutes,
        thinToHours(rows, nowMinute - 1),
      ),
    );
  }
  await ingest(ctx, async (tx) => {
    await queries.replaceDemoEvents(tx, eventRows(deps.script, nowMinute));
    await queries.writeFact(tx, FACT, { state: 'loaded', nowMinute } satisfies DemoState, ctx.now());
  });
  ctx.hub.publish('slo');
  ctx.hub.publish('changes');
}

function cumulate(history: DemoHistory, nowMinute: number): CumulativeRow[] {
  const sum = { total: 0, bad: 0, observed: 0 };
  const rows: CumulativeRow[] = [];
  for (const count of history.minutes(history.firstMinute, nowMinute)) {
    if (!count.observed) continue;
    sum.total += count.total;
    sum.bad += count.bad;
    sum.observed += 1;
    rows.push({ m: count.m, ...sum });
  }
  return rows;
}

/** Closes demo incidents whose story has ended. */
export async function advanceDemoIncidents(ctx: Ctx, deps: Pick<DemoDeps, 'script'>): Promise<void> {
  const { state, nowMinute } = await demoState(ctx);
  if (state !== 'loaded') return;
  const open = await queries.openDemoIncidents(ctx.db);
  const ended = deps.script.incidents
    .map((i) => ({ title: i.title, resolvedAt: new Date(startOfMinute(nowMinute + i.fromMinute + i.minutes)) }))
    .filter((i) => i.resolvedAt.getTime() <= ctx.now().getTime())
    .flatMap((i) => open.filter((o) => o.title === i.title).map((o) => ({ id: o.id, resolvedAt: i.resolvedAt })));
  if (ended.length === 0) return;
  const closed = await ingest(ctx, (tx) => queries.closeDemoIncidents(tx, ended));
  if (closed > 0) ctx.hub.publish('changes');
}

/** Removes everything marked as demo, accounts included; it does not come back by itself. */
export async function removeDemo(ctx: Ctx): Promise<{ platforms: number; slos: number; users: number }> {
  const gone = await write(ctx, async (tx, record) => {
    await forgetKeys(tx, ctx.now());
    await forgetSlots(tx);
    const counts = await queries.deleteDemo(tx);
    await queries.writeFact(tx, FACT, { state: 'removed', nowMinute: 0 } satisfies DemoState, ctx.now());
    record({
      action: 'settings.demo_removed',
      category: 'settings',
      level: 'warning',
      target: { kind: 'demo', id: 'demo' },
      details: counts,
    });
    return counts;
  });
  for (const topic of ['platforms', 'slo', 'changes', 'users', 'api-keys', 'secrets', 'oncall', 'settings'] as const)
    ctx.hub.publish(topic);
  return gone;
}
