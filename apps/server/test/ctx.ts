import { rolePermissions, type BuiltInRole } from '@qd/shared/permissions';
import type { ReadDb } from '../src/db/client.ts';
import type { Actor, Ctx } from '../src/platform/context.ts';
import type { Hub, HubEvent, Topic } from '../src/platform/hub.ts';
import type { Clock } from './clock.ts';
import { silentLog } from './silent-log.ts';

/** A hub that remembers what was published, in order. */
export interface RecordingHub extends Hub {
  readonly published: Topic[];
}

/** A context over test stores: its clock is theirs, its hub records. */
export interface TestCtx extends Ctx {
  hub: RecordingHub;
  clock: Clock;
}

/** The console itself, allowed everything. */
export const systemActor: Actor = {
  kind: 'system',
  id: null,
  email: null,
  name: 'Quarterdeck',
  role: null,
  grants: [{ platform: '*', permissions: rolePermissions.owner }],
  sessionId: null,
  address: null,
};

/** A person with one built-in role on one platform, or on all of them. */
export function actorWith(role: BuiltInRole, platform = '*'): Actor {
  return {
    kind: 'user',
    id: `user_${role}`,
    email: `${role}@example.test`,
    name: `A ${role}`,
    role,
    grants: [{ platform, permissions: rolePermissions[role] }],
    sessionId: `session_${role}`,
    address: '127.0.0.1',
  };
}

let requests = 0;

/** Context of one request by `actor` (default: the system). `now` sets the stores' clock first. */
export function testCtx(stores: { db: ReadDb; clock: Clock }, options: { actor?: Actor; now?: Date } = {}): TestCtx {
  if (options.now) stores.clock.set(options.now);
  requests += 1;
  return {
    db: stores.db,
    hub: createRecordingHub(),
    actor: options.actor ?? systemActor,
    now: stores.clock.now,
    clock: stores.clock,
    requestId: `req_test_${requests}`,
    log: silentLog,
  };
}

/** A hub of one process without a bus. */
export function createRecordingHub(): RecordingHub {
  const published: Topic[] = [];
  const events: HubEvent[] = [];
  const listeners = new Set<(event: HubEvent) => void>();
  const count = (topics: readonly Topic[]): number => published.filter((topic) => topics.includes(topic)).length;
  return {
    published,
    publish: (topic) => {
      published.push(topic);
      const event = { id: String(events.length + 1), topic, version: count([topic]) };
      events.push(event);
      for (const onEvent of listeners) onEvent(event);
    },
    version: (topics) => String(count(topics)),
    bus: () => 'up',
    subscribe: (onEvent) => {
      listeners.add(onEvent);
      return () => void listeners.delete(onEvent);
    },
    since: (lastEventId) => {
      const at = Number(lastEventId);
      return Number.isInteger(at) && at >= 0 && at <= events.length ? events.slice(at) : null;
    },
  };
}
