import { minuteOf, startOfMinute, startOfUtcDay } from '@qd/shared/time';
import type { Ctx } from '../../../platform/context.ts';
import { ingest } from '../../../platform/write.ts';
import { readFact, writeFact } from '../queries.ts';
import { addDemoCalls, addDemoMinutes, addDemoScopeUses, type DemoFlow } from '../queries/demo-calls.ts';
import { deleteDemoKeys, insertDemoKeys, insertDemoSecrets } from '../queries/demo-keys.ts';
import { demoKeyRows } from './rows.ts';
import { demoSecretRows } from './secret-rows.ts';
import { toldCalls, toldKeys } from './story.ts';

const FACT = 'demo.keys';
const DAY_MINUTES = 1_440;
/** As the counts of keys are kept: by ten minutes for two whole days and this one, by minute for a day. */
const FINE_DAYS = 2;
const MINUTES_KEPT = DAY_MINUTES;
/** Keys that somebody tried things out on stay a day as they are. */
const RETELL_AFTER_MINUTES = DAY_MINUTES;

/** Whose calls are told, from which minute the story was told, and up to which minute it is counted. */
interface Told {
  flows: DemoFlow[];
  nowMinute: number;
  untilMinute: number;
}

/**
 * Tells the story of the demo's keys and secrets from now: all of them made anew, with their calls of the last 45 days. What was
 * told before goes.
 */
export async function tellKeys(ctx: Ctx, platforms: readonly string[]): Promise<void> {
  const now = ctx.now();
  const nowMinute = minuteOf(now.getTime());
  const rows = demoKeyRows(platforms, now);
  const flows = flowsOf(rows.ids, rows.keys, nowMinute);
  const fromMinute = flows.reduce((least, flow) => Math.min(least, flow.from), nowMinute);
  await ingest(ctx, async (tx) => {
    await deleteDemoKeys(tx);
    await insertDemoKeys(tx, rows);
    await insertDemoSecrets(tx, demoSecretRows(platforms, now));
    await count(tx, flows, fromMinute, nowMinute);
    await writeFact(tx, FACT, { flows, nowMinute, untilMinute: nowMinute } satisfies Told, now);
  });
  for (const topic of ['api-keys', 'secrets'] as const) ctx.hub.publish(topic);
}

/** Tells the story anew once it is a day old. True if it did. */
export async function retellKeys(ctx: Ctx, platforms: readonly string[]): Promise<boolean> {
  const told = await toldSoFar(ctx);
  if (told !== null && minuteOf(ctx.now().getTime()) - told.nowMinute < RETELL_AFTER_MINUTES) return false;
  await tellKeys(ctx, platforms);
  return true;
}

/** Counts the calls of the minutes that have passed since the last time. */
export async function tellCalls(ctx: Ctx): Promise<void> {
  const told = await toldSoFar(ctx);
  const untilMinute = minuteOf(ctx.now().getTime());
  if (told === null || told.flows.length === 0 || untilMinute <= told.untilMinute) return;
  await ingest(ctx, async (tx) => {
    await count(tx, told.flows, told.untilMinute, untilMinute);
    await writeFact(tx, FACT, { ...told, untilMinute } satisfies Told, ctx.now());
  });
}

/** Forgets the story of the keys. */
export async function forgetKeys(tx: Parameters<typeof deleteDemoKeys>[0], now: Date): Promise<void> {
  await deleteDemoKeys(tx);
  await writeFact(tx, FACT, { flows: [], nowMinute: 0, untilMinute: 0 } satisfies Told, now);
}

async function toldSoFar(ctx: Pick<Ctx, 'db'>): Promise<Told | null> {
  return (await readFact(ctx.db, FACT)) as Told | null;
}

type Tx = Parameters<typeof deleteDemoKeys>[0];

async function count(tx: Tx, flows: DemoFlow[], from: number, until: number): Promise<void> {
  const fine = minuteOf(startOfUtcDay(startOfMinute(until - FINE_DAYS * DAY_MINUTES)));
  await addDemoCalls(tx, flows, { span: 'day', from, until: Math.min(until, fine) });
  await addDemoCalls(tx, flows, { span: 'minutes', from: Math.max(from, fine), until });
  await addDemoMinutes(tx, flows, { from: Math.max(from, until - MINUTES_KEPT), until });
  await addDemoScopeUses(tx, flows, { from, until });
}

function flowsOf(
  ids: ReadonlyMap<string, string>,
  keys: readonly { id: string; activatedAt: Date }[],
  nowMinute: number,
): DemoFlow[] {
  return toldCalls.flatMap(({ key: ref, address, agent, perMin, sinceDays, untilDays, scopes }) => {
    const key = keys.find(({ id }) => id === ids.get(ref));
    if (key === undefined) return [];
    const before = (days: number): number => nowMinute - Math.round(days * DAY_MINUTES);
    const from = Math.max(before(sinceDays), minuteOf(key.activatedAt.getTime()) + 1);
    const until = untilDays === undefined ? Number.MAX_SAFE_INTEGER : before(untilDays);
    const asked = scopes ?? toldKeys.find((told) => told.ref === ref)?.scopes ?? [];
    return [{ keyId: key.id, address, agent, perMin, scopes: [...asked], from, until }];
  });
}
