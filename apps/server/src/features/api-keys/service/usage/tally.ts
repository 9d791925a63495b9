import { MINUTE_MS } from '@qd/shared/time';

/** Length of the spans calls are counted in at first. */
export const SPAN_MS = 10 * MINUTE_MS;
/** Callers kept apart per key and span; the calls of others are counted together. */
const CALLERS = 16;
const MAX_AGENT_LENGTH = 100;
/** Counts held at once. Beyond, while nothing can be stored, calls are not counted any more. */
const MAX_COUNTS = 100_000;
/** The address under which callers beyond the sixteen are counted. */
export const OTHER_CALLERS = 'other';

/** One call with a key of ours. */
export interface KeyCall {
  atMs: number;
  address: string | null;
  agent: string | null;
  /** `ok`, or why it was refused. */
  outcome: string;
  /** What the call asked to do; null where that is not known. */
  scope: string | null;
}

export interface CallerCount {
  keyId: string;
  startsMs: number;
  address: string;
  agent: string;
  outcome: string;
  count: number;
  lastMs: number;
}
export interface MinuteCount {
  keyId: string;
  minuteMs: number;
  count: number;
}
export interface ScopeCount {
  keyId: string;
  scope: string;
  /** Day in UTC, `2026-10-03`. */
  day: string;
  count: number;
}
/** First and last call of a key that was let in. */
export interface KeyUse {
  keyId: string;
  firstMs: number;
  lastMs: number;
  /** True while the first use of the key is not known to be stored. */
  isFirst: boolean;
}

/** What was counted, in the order in which it is stored, so that two replicas never wait for each other in a circle. */
export interface Counted {
  callers: CallerCount[];
  minutes: MinuteCount[];
  scopes: ScopeCount[];
  uses: KeyUse[];
}

/** Counts of calls in memory, bounded however many callers there are. */
export interface Tally {
  add(key: { id: string; isFirst: boolean }, call: KeyCall): void;
  /** Everything counted, or what was counted of one key, taken out. */
  take(keyId?: string): Counted;
  /** Puts back what could not be stored. */
  giveBack(counted: Counted): void;
  /** Calls not counted for want of room since the last question. */
  takeLost(): number;
}

/** What is counted, each kind by what tells its counts apart. */
function createCounts() {
  const callers = new Map<string, CallerCount>();
  const minutes = new Map<string, MinuteCount>();
  const scopes = new Map<string, ScopeCount>();
  const uses = new Map<string, KeyUse>();
  let lost = 0;

  const hasRoom = () => callers.size + minutes.size + scopes.size < MAX_COUNTS;

  function count<T extends { count: number }>(into: Map<string, T>, id: string, one: T): T | null {
    const held = into.get(id);
    if (held !== undefined) {
      held.count += one.count;
      return held;
    }
    if (!hasRoom()) {
      lost += one.count;
      return null;
    }
    into.set(id, one);
    return one;
  }

  const addCaller = (one: CallerCount): void => {
    const id = `${one.keyId}\n${one.startsMs}\n${one.outcome}\n${one.address}\n${one.agent}`;
    const held = count(callers, id, one);
    if (held !== null) held.lastMs = Math.max(held.lastMs, one.lastMs);
  };
  const addMinute = (one: MinuteCount): void => void count(minutes, `${one.keyId}\n${one.minuteMs}`, one);
  const addScope = (one: ScopeCount): void => void count(scopes, `${one.keyId}\n${one.day}\n${one.scope}`, one);
  const addUse = (one: KeyUse): void => {
    const held = uses.get(one.keyId);
    if (held === undefined) uses.set(one.keyId, one);
    else {
      held.firstMs = Math.min(held.firstMs, one.firstMs);
      held.lastMs = Math.max(held.lastMs, one.lastMs);
      held.isFirst ||= one.isFirst;
    }
  };

  const takeLost = (): number => {
    const count = lost;
    lost = 0;
    return count;
  };
  return { callers, minutes, scopes, uses, addCaller, addMinute, addScope, addUse, takeLost };
}

/** An empty tally. */
export function createTally(): Tally {
  const known = createKnownCallers();
  const { callers, minutes, scopes, uses, addCaller, addMinute, addScope, addUse, takeLost } = createCounts();
  return {
    add({ id, isFirst }, { atMs, outcome, scope, ...from }) {
      const startsMs = Math.floor(atMs / SPAN_MS) * SPAN_MS;
      const caller = known({ keyId: id, startsMs, address: from.address ?? '', agent: shownAgent(from.agent) });
      addCaller({ keyId: id, startsMs, ...caller, outcome, count: 1, lastMs: atMs });
      if (countsForLimit(outcome)) {
        addMinute({ keyId: id, minuteMs: Math.floor(atMs / MINUTE_MS) * MINUTE_MS, count: 1 });
      }
      if (outcome !== 'ok') return;
      addUse({ keyId: id, firstMs: atMs, lastMs: atMs, isFirst });
      if (scope !== null) addScope({ keyId: id, scope, day: new Date(atMs).toISOString().slice(0, 10), count: 1 });
    },
    take(keyId) {
      const taken = <T extends { keyId: string }>(from: Map<string, T>): T[] => {
        const found = [...from].filter(([, one]) => keyId === undefined || one.keyId === keyId);
        for (const [id] of found) from.delete(id);
        return found.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
      };
      return { callers: taken(callers), minutes: taken(minutes), scopes: taken(scopes), uses: taken(uses) };
    },
    giveBack(counted) {
      counted.callers.forEach(addCaller);
      counted.minutes.forEach(addMinute);
      counted.scopes.forEach(addScope);
      counted.uses.forEach(addUse);
    },
    takeLost,
  };
}

/** A limit counts calls that were let in, those it refused itself and those refused after it, not calls with a key that had ended. */
function countsForLimit(outcome: string): boolean {
  return outcome === 'ok' || outcome === 'rate_limited' || outcome === 'scope';
}

interface Caller {
  keyId: string;
  startsMs: number;
  address: string;
  agent: string;
}

/** Remembers the first sixteen callers of each key in its newest span; everybody else becomes `other`. */
function createKnownCallers(): (caller: Caller) => { address: string; agent: string } {
  const spans = new Map<string, { startsMs: number; callers: Set<string> }>();
  let newestMs = 0;
  return ({ keyId, startsMs, address, agent }) => {
    if (startsMs > newestMs) {
      newestMs = startsMs;
      for (const [id, span] of spans) if (span.startsMs < startsMs) spans.delete(id);
    }
    let span = spans.get(keyId);
    if (span === undefined || span.startsMs !== startsMs) {
      span = { startsMs, callers: new Set() };
      spans.set(keyId, span);
    }
    const id = `${address}\n${agent}`;
    if (span.callers.size < CALLERS) span.callers.add(id);
    return span.callers.has(id) ? { address, agent } : { address: OTHER_CALLERS, agent: '' };
  };
}

/** What a program calls itself, as one printable line. */
function shownAgent(agent: string | null): string {
  return (agent ?? '')
    .slice(0, 4 * MAX_AGENT_LENGTH)
    .replaceAll(/[^\u0020-\u007E]/g, '')
    .trim()
    .slice(0, MAX_AGENT_LENGTH);
}
