import { MINUTE_MS } from '@qd/shared/time';
import { type StoredAlert, storedAlerts, watchedSlos } from '../../apps/server/src/features/slo/queries/alerts.ts';
import { type AlertDeps, silentAlerts } from '../../apps/server/src/features/slo/service/alerts/deps.ts';
import { evaluateAllAlerts, planChanges } from '../../apps/server/src/features/slo/service/alerts/evaluate-alerts.ts';
import { refreshSummaries } from '../../apps/server/src/features/slo/service/refresh-summaries.ts';
import { createSparkRows } from '../../apps/server/src/features/slo/service/spark-rows.ts';
import type { Ctx } from '../../apps/server/src/platform/context.ts';
import { benchCtx } from '../console/context.ts';
import type { Store } from '../console/stores.ts';
import type { Model } from '../growth/model.ts';
import { clockOf } from '../measure/cpu.ts';
import { notMeasured, within, type Report } from '../report/rows.ts';

const title = 'Alerts: deciding about 1,000 objectives every 15 seconds';
/** The job runs four times a minute. */
const EVERY_S = 15;
const ROUNDS = 20;
const MAX_DECIDE_MS = 10;
const MAX_CORE_PERCENT = 1;
/** Data this old make every alert on silence fire. */
const SILENT_MINUTES = 20;

const deps: AlertDeps = { ...silentAlerts, channels: [{ channel: 'log', kind: 'log', target: 'log' }] };

/** What alerts cost while nothing happens, and when everything happens at once. */
export async function alertsBench(prepared: { store: Store; model: Model } | null): Promise<Report> {
  if (prepared === null) {
    return { bench: 'alerts', title, measured: [], rows: [notMeasured('alerts', 'no Postgres answers')], figures: {} };
  }
  const { store, model } = prepared;
  let nowMs = model.untilM * MINUTE_MS;
  const ctx = await benchCtx(model.handle.db, () => new Date(nowMs));
  await refreshSummaries(ctx, { spark: createSparkRows() });
  await evaluateAllAlerts(ctx, deps);
  const decideMs = await decisions(ctx);
  const quiet = await tick(ctx, store);
  nowMs += SILENT_MINUTES * MINUTE_MS;
  const startedMs = performance.now();
  const events = (await evaluateAllAlerts(ctx, deps)).length;
  const stormMs = performance.now() - startedMs;
  const restless = await decisions(ctx);
  nowMs -= SILENT_MINUTES * MINUTE_MS;
  await evaluateAllAlerts(ctx, deps);
  const percent = (ms: number): number => (ms / (EVERY_S * 1_000)) * 100;
  const count = model.objectives.length;
  return {
    bench: 'alerts',
    title,
    measured: [
      `${count} objectives with four burn rows each; median of ${ROUNDS} rounds, one core; the job runs every ${EVERY_S} s.`,
      `The storm: all ${count} fall silent at once, ${events} alerts fire with their events and messages in one transaction.`,
    ],
    rows: [
      within(`deciding alone, nothing to say (${count} objectives)`, decideMs, 'ms', MAX_DECIDE_MS),
      within('deciding alone, every alert firing', restless, 'ms', MAX_DECIDE_MS),
      within('a whole run, reading included', quiet.wallMs, 'ms'),
      within('  of it in the console', percent(quiet.consoleMs), '% of a core'),
      within('  of it in its database', percent(quiet.databaseMs), '% of a core'),
      within('alerts every 15 s', percent(quiet.consoleMs + quiet.databaseMs), '% of a core', MAX_CORE_PERCENT),
      within(`the storm: ${events} alerts at once`, stormMs, 'ms', 5_000),
    ],
    figures: { decideMs, restless, quiet, stormMs, events },
  };
}

/** Time (ms) to decide about all objectives, without the store. */
async function decisions(ctx: Ctx): Promise<number> {
  const [watched, stored] = await Promise.all([watchedSlos(ctx.db), storedAlerts(ctx.db)]);
  const at = { now: ctx.now().getTime(), watchedSince: 0 };
  const walls: number[] = [];
  const once = (alerts: StoredAlert[]): void => {
    const startedMs = performance.now();
    planChanges(watched, alerts, at);
    walls.push(performance.now() - startedMs);
  };
  for (let i = 0; i < ROUNDS; i++) once(stored);
  return median(walls);
}

/** What one run costs that finds nothing new: wall and CPU in ms. */
async function tick(ctx: Ctx, store: Store): Promise<{ wallMs: number; consoleMs: number; databaseMs: number }> {
  const clock = clockOf(process.pid);
  const before = { console: await clock(), database: await store.cpu() };
  const walls: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const startedMs = performance.now();
    await evaluateAllAlerts(ctx, deps);
    walls.push(performance.now() - startedMs);
  }
  const after = { console: await clock(), database: await store.cpu() };
  return {
    wallMs: median(walls),
    consoleMs: (after.console - before.console) / ROUNDS,
    databaseMs: (after.database - before.database) / ROUNDS,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
