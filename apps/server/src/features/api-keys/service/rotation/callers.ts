import { adoptionOfAll, SILENT_MS, type Adoption } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import ipaddr from 'ipaddr.js';
import type { ReadDb } from '../../../../db/client.ts';
import { isWithin } from '../../../../platform/client-address.ts';
import { selectConsumers, type ConsumerRow } from '../../queries/consumers.ts';
import { selectCallers, selectLastLetIn, type CallerCalls } from '../../queries/rotation-calls.ts';
import { SPAN_MS } from '../usage/tally.ts';

/** How far back callers are looked for. */
const CALLS_MS = 30 * DAY_MS;
const MAX_CALLERS = 500;

/** The consumer a caller belongs to: by its address, and by the beginning of its agent where both are known; null: none. */
export function consumerOf<C extends Pick<ConsumerRow, 'ranges' | 'agents'>>(
  consumers: readonly C[],
  caller: { address: string; agent: string },
): C | null {
  return consumers.find((consumer) => isCallOf(consumer, caller)) ?? null;
}

/** True if the calls of a consumer can be told from others'. */
export function isToldApart({ ranges, agents }: Pick<ConsumerRow, 'ranges' | 'agents'>): boolean {
  return ranges.length + agents.length > 0;
}

function isCallOf(
  consumer: Pick<ConsumerRow, 'ranges' | 'agents'>,
  caller: { address: string; agent: string },
): boolean {
  if (!isToldApart(consumer)) return false;
  const { ranges, agents } = consumer;
  const fitsAddress =
    ranges.length === 0 ||
    isWithin(
      caller.address,
      ranges.filter(ipaddr.isValidCIDR).map((range) => ipaddr.parseCIDR(range)),
    );
  return fitsAddress && (agents.length === 0 || agents.some((agent) => caller.agent.startsWith(agent)));
}

/** What somebody sends: of one consumer, or of one unknown caller. Only calls that were let in count. Instants are epoch ms. */
export interface Sending {
  sends: Adoption;
  oldLastHour: number;
  newLastHour: number;
  lastOldMs: number | null;
  lastNewMs: number | null;
  /** Last call with the old key, let in or not. */
  triedOldMs: number | null;
}

/** Who sends what during a rotation. */
export interface RotationCalls {
  consumers: { consumer: ConsumerRow; sending: Sending }[];
  /** Callers no consumer stands for, the latest with the old key first. */
  unknown: (Sending & { address: string; agent: string })[];
  lastOldMs: number | null;
  /** The old key has more callers of the last 24 hours than were read. */
  hasMore: boolean;
}

/** Reads who sends the old and the new key of a rotation. Three statements. */
export async function rotationCalls(
  db: ReadDb,
  of: { oldKeyId: string; newKeyId: string | null; lineageId: string; now: Date },
): Promise<RotationCalls> {
  const { oldKeyId, newKeyId, now } = of;
  const consumers = await selectConsumers(db, of.lineageId);
  const calls = await callersOf(db, newKeyId === null ? [oldKeyId] : [oldKeyId, newKeyId], now);
  const lastOldMs = await selectLastLetIn(db, oldKeyId, ago(now, CALLS_MS));
  const sendingOf = (own: readonly CallerCalls[]): Sending => sendingFrom(own, oldKeyId, now.getTime());
  const byConsumer = Map.groupBy(calls, (call) => consumerOf(consumers, call)?.id ?? null);
  const strangers = byCaller(byConsumer.get(null) ?? []);
  const unknown = strangers.flatMap((own) => {
    const [{ address, agent } = { address: '', agent: '' }] = own;
    return { address, agent, ...sendingOf(own) };
  });
  const old = calls.filter(({ keyId }) => keyId === oldKeyId);
  const earliestMs = old.at(-1)?.lastMs ?? null;
  return {
    consumers: consumers.map((consumer) => ({ consumer, sending: sendingOf(byConsumer.get(consumer.id) ?? []) })),
    unknown: unknown.toSorted((a, b) => (b.lastOldMs ?? 0) - (a.lastOldMs ?? 0)),
    lastOldMs,
    hasMore: old.length === MAX_CALLERS && earliestMs !== null && now.getTime() - earliestMs < SILENT_MS,
  };
}

/** Callers of keys of the last 30 days, at most 500 of each, those let in last first. */
export async function callersOf(db: ReadDb, keyIds: readonly string[], now: Date): Promise<CallerCalls[]> {
  const range = { since: ago(now, CALLS_MS), hourAgo: ago(now, HOUR_MS) };
  return selectCallers(db, { keyIds, ...range, spanMs: SPAN_MS, limit: MAX_CALLERS });
}

/** Which key the callers of one consumer send, taken together. */
export function adoptionOfCalls(calls: readonly CallerCalls[], oldKeyId: string, nowMs: number): Adoption {
  const callers = byCaller(calls).map((own) => {
    const { old, young } = apart(own, oldKeyId);
    return { oldMs: latest(old, letIn), newMs: latest(young, letIn) };
  });
  return adoptionOfAll(callers, nowMs);
}

function sendingFrom(calls: readonly CallerCalls[], oldKeyId: string, nowMs: number): Sending {
  const { old, young } = apart(calls, oldKeyId);
  return {
    sends: adoptionOfCalls(calls, oldKeyId, nowMs),
    oldLastHour: hourly(old),
    newLastHour: hourly(young),
    lastOldMs: latest(old, letIn),
    lastNewMs: latest(young, letIn),
    triedOldMs: latest(old, ({ triedMs }) => triedMs),
  };
}

function apart(calls: readonly CallerCalls[], oldKeyId: string): { old: CallerCalls[]; young: CallerCalls[] } {
  return {
    old: calls.filter(({ keyId }) => keyId === oldKeyId),
    young: calls.filter(({ keyId }) => keyId !== oldKeyId),
  };
}

function byCaller(calls: readonly CallerCalls[]): CallerCalls[][] {
  return [...Map.groupBy(calls, ({ address, agent }) => JSON.stringify([address, agent])).values()];
}

function letIn({ lastMs }: CallerCalls): number | null {
  return lastMs;
}

function latest(calls: readonly CallerCalls[], of: (call: CallerCalls) => number | null): number | null {
  const instants = calls.map(of).filter((ms) => ms !== null);
  return instants.length === 0 ? null : Math.max(...instants);
}

function hourly(calls: readonly CallerCalls[]): number {
  return calls.reduce((sum, { lastHour }) => sum + lastHour, 0);
}

function ago(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
