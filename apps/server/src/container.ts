import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rolePermissions } from '@qd/shared/permissions';
import type { Logger } from 'pino';
import { createFileKeeping } from './adapters/audit-keeping/file.ts';
import type { AuditKeeping } from './adapters/audit-keeping/port.ts';
import { createMemoryKv } from './adapters/kv/memory.ts';
import type { Kv } from './adapters/kv/port.ts';
import { createRedisKv } from './adapters/kv/redis.ts';
import { createFileTombstones } from './adapters/tombstones/file.ts';
import type { Tombstones } from './adapters/tombstones/port.ts';
import type { Config } from './config.ts';
import type { DatabaseHandle } from './db/handle.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open.ts';
import { type Notify, openNotify } from './open-notify.ts';
import type { Actor, Ctx } from './platform/context.ts';
import { derivedKey } from './platform/derived-key.ts';
import { createHub } from './platform/hub-memory.ts';
import type { Hub } from './platform/hub.ts';
import { loadSecrets, type Secrets } from './platform/secrets.ts';
import { createTelemetry, type Telemetry } from './platform/telemetry.ts';

/** The open doors of a running console, and how to close them. */
export interface Container {
  config: Config;
  log: Logger;
  database: DatabaseHandle;
  kv: Kv;
  hub: Hub;
  secrets: Secrets;
  telemetry: Telemetry;
  notify: Notify;
  auditKeeping: AuditKeeping;
  tombstones: Tombstones;
  startedAt: Date;
  now(): Date;
  /** Context of work nobody asked for over HTTP. */
  ctx(kind: 'system' | 'cli', requestId?: string): Ctx;
  close(): Promise<void>;
}

const everything = { system: 'The console', cli: 'Command line' } as const;

/** Acts of the console itself and of its command line, which needs access to the machine anyway. */
function inside(kind: 'system' | 'cli'): Actor {
  return {
    kind,
    id: null,
    email: null,
    name: everything[kind],
    role: null,
    grants: [{ platform: '*', permissions: rolePermissions.owner }],
    sessionId: null,
    address: null,
  };
}

/**
 * Opens data folder, database, shared memory and hub, and brings the tables up to date.
 * Throws DomainError with one sentence; whatever was open by then is closed again.
 */
export async function openContainer(
  config: Config,
  log: Logger,
  progress: (words: string) => void,
): Promise<Container> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse())
      await closer().catch((error: unknown) => log.warn({ err: error }, 'closing failed'));
  };
  const now = (): Date => new Date();
  try {
    const secrets = await loadSecrets(
      { sessionSecret: config.SESSION_SECRET, encryptionPassword: config.ENCRYPTION_PASSWORD },
      config.QD_DATA_DIR,
    );
    await mkdir(config.QD_DATA_DIR, { recursive: true, mode: 0o700 });
    progress(config.embedded ? 'Opening the embedded database' : 'Connecting to Postgres');
    const database = await openDatabase({ url: config.DATABASE_URL ?? null, dataDir: config.QD_DATA_DIR, log });
    closers.push(() => database.close());
    await migrate(database);
    const kv = config.REDIS_URL === undefined ? createMemoryKv(now) : await createRedisKv(config.REDIS_URL, log);
    closers.push(() => kv.close());
    const hub = await createHub(kv, log, { isAlone: config.embedded });
    closers.push(() => hub.close());
    if (hub.bus() === 'none')
      log.warn('REDIS_URL is not set: a second replica would not hear of changes made by this one');
    const telemetry = createTelemetry();
    const auditDir = config.QD_AUDIT_DIR ?? join(config.QD_DATA_DIR, 'audit');
    const notify = openNotify(config, { log, now });
    closers.push(() => notify.close());
    return {
      config,
      log,
      database,
      kv,
      hub,
      secrets,
      telemetry,
      notify,
      auditKeeping: createFileKeeping(auditDir),
      tombstones: createFileTombstones(auditDir, derivedKey(secrets.encryptionPassword, 'revoked keys v1')),
      startedAt: now(),
      now,
      ctx: (kind, requestId = kind) => ({ db: database.db, hub, actor: inside(kind), now, requestId, log }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
