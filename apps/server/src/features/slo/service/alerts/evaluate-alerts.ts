import {
  type AlertChange,
  type AlertEvent,
  type AlertView,
  defaultAlertRules,
  evaluateAlerts,
  freshness,
  retireAlert,
} from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { enqueue } from '../../../../platform/outbox.ts';
import { ingest } from '../../../../platform/write.ts';
import { applyAlertChanges } from '../../queries/alerts-changes.ts';
import {
  deleteAlertEventsBefore,
  insertAlertEvents,
  type StoredAlert,
  storedAlerts,
  type WatchedSlo,
  watchedSlos,
} from '../../queries/alerts.ts';
import type { AlertDeps } from './deps.ts';
import { messagesOf } from './messages.ts';

/** Events are kept 13 months of 31 days. */
const KEPT_MS = 13 * 31 * DAY_MS;

/** One change with what storing and telling it need. */
interface PlannedChange extends AlertChange {
  changedAt: Date | null;
  platformName: string;
  isTold: boolean;
}

/**
 * Looks at every objective once: stores what its alerts are at now, an event for each change, and the messages about
 * them, all in one transaction, then publishes `slo`. Several that look at once tell each change once. Gives the events.
 */
export async function evaluateAllAlerts(ctx: Ctx, deps: AlertDeps): Promise<AlertEvent[]> {
  const now = ctx.now();
  const [watched, stored] = await Promise.all([watchedSlos(ctx.db), storedAlerts(ctx.db)]);
  const { changes, after } = planChanges(watched, stored, { now: now.getTime(), watchedSince: deps.watchedSince });
  deps.onCounted({
    firing: after.filter(({ state }) => state === 'firing').length,
    frozen: after.filter(({ state }) => state === 'frozen').length,
  });
  if (changes.length === 0) return [];
  const done = await ingest(ctx, async (tx) => {
    const taken = await applyAlertChanges(
      tx,
      changes.map(({ event, before, after: next, changedAt }) => ({
        sloId: event.sloId,
        kind: event.kind,
        before: before === null || changedAt === null ? null : { state: before.state, changedAt },
        after: next,
      })),
      now,
    );
    const keys = new Set(taken.map(({ sloId, kind }) => `${sloId} ${kind}`));
    const made = changes.filter(({ event }) => keys.has(`${event.sloId} ${event.kind}`));
    await insertAlertEvents(tx, made);
    const channels = deps.channels.map(({ channel }) => channel);
    const told = made.filter(({ isTold }) => isTold);
    await enqueue(tx, messagesOf(told, { channels, publicUrl: deps.publicUrl }), now);
    return made;
  });
  if (done.length > 0) ctx.hub.publish('slo');
  return done.map(({ event }) => event);
}

/** Everything that changes for these objectives, and the alerts there are afterwards. Pure. */
export function planChanges(
  watched: readonly WatchedSlo[],
  stored: readonly StoredAlert[],
  at: { now: number; watchedSince: number },
): { changes: PlannedChange[]; after: AlertView[] } {
  const changes: PlannedChange[] = [];
  const after: AlertView[] = [];
  const before = Map.groupBy(stored, ({ sloId }) => sloId);
  for (const one of watched) {
    const previous = before.get(one.slo.id) ?? [];
    const rules = one.rules ?? defaultAlertRules;
    const outcome = evaluateAlerts({
      previous: previous.map(({ view }) => view),
      slo: aged(one, at.now),
      rules,
      createdAt: one.createdAt,
      ...at,
    });
    after.push(...outcome.alerts);
    const isTold = !rules.isMuted && !one.slo.isDemo;
    for (const change of outcome.changes) {
      const changedAt = previous.find(({ view }) => view.kind === change.event.kind)?.changedAt ?? null;
      changes.push({ ...change, changedAt, platformName: one.platformName, isTold: isTold && isNews(change) });
    }
  }
  for (const alert of stored.filter(({ isArchived }) => isArchived)) {
    const { sloId, sloName, platformId, platformName, isDemo, isMuted, changedAt, view } = alert;
    const change = retireAlert({ id: sloId, name: sloName, platformId, isDemo }, view, at.now);
    changes.push({ ...change, changedAt, platformName, isTold: !isDemo && !isMuted });
  }
  return { changes, after };
}

/** Whoever was called already is not called again because another row took over: only a page that became a ticket, or back, is told. */
function isNews({ before, after }: AlertChange): boolean {
  return before === null || after === null || before.state !== after.state || before.severity !== after.severity;
}

/** The figures as they read now: should the tick that rewrites list rows stand still, data still grow old. */
function aged({ slo, intervalMs }: WatchedSlo, now: number): WatchedSlo['slo'] {
  const sourceDown = slo.freshness === 'stale';
  return { ...slo, freshness: freshness({ dataAt: slo.dataAt, now, intervalMs, sourceDown }) };
}

/** Forgets events that are kept long enough. */
export async function thinAlertEvents(ctx: Ctx): Promise<void> {
  await ingest(ctx, (tx) => deleteAlertEventsBefore(tx, new Date(ctx.now().getTime() - KEPT_MS)));
}
