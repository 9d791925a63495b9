import { auditListInput, type AuditListInput } from '@qd/shared/audit';
import { and, desc, inArray, lt, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, auditHead, auditWords } from '../../db/schema/index.ts';
import { write } from '../../platform/write.ts';
import { conditions } from './queries/conditions.ts';
import { selectAudit } from './queries/find.ts';

// More than are looked at first, so that every way of finding is taken.
const ROWS = 12_000;
const HOUR_MS = 3_600_000;
const startMs = Date.parse('2026-01-01T00:00:00Z');
let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores();
  await stores.db.execute(sql`
    insert into users (id, email, email_key, name, state, created_at)
    values ('usr_busy', 'now@example.com', 'now@example.com', 'Busy', 'active', now())`);
  await stores.db.execute(sql`
    insert into audit_events (seq, event_id, timestamp, level, category, action, status, actor_kind, user_id, user_email,
      request_id, platform, target_kind, target_id, details, prev_hash, hash)
    select n, 'e' || n, ${new Date(startMs).toISOString()}::timestamptz + n * interval '1 hour' - (n % 7) * interval '3 hours',
      'info', 'access',
      case when n < 2000 and n % 2 = 0 then 'backups.verified' when n % 3 = 0 then 'users.signed_in' else 'slo.updated' end,
      case when n % 997 = 0 then 'failure' when n % 5 = 4 then 'denied' else 'success' end, 'user',
      case when n % 4 = 0 then 'usr_busy' when n % 11 = 0 then null else 'usr_' || n % 50 end,
      case when n % 11 = 0 then null when n % 4 = 0 then 'Busy@Example.com' else 'Person' || n % 50 || '@example.com' end,
      'r' || n, (array['hashinsight', 'web3audit', null])[1 + n % 3],
      case when n % 13 = 0 then null else (array['user', 'slo', 'key'])[1 + n % 3] end,
      case when n % 13 = 0 then null when n < 3000 then 'Old_' || n else 'target_' || n % 3000 end,
      '{}', decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
    from generate_series(1, ${ROWS}::int) as n`);
  await stores.db.update(auditHead).set({ seq: ROWS });
});
afterAll(() => stores.close());

const at = (hour: number) => startMs + hour * HOUR_MS;
const asked: Partial<AuditListInput>[] = [
  {},
  { actor: 'usr_busy' },
  { actor: 'usr_7', status: 'denied' },
  { actor: 'now@example.com', status: 'failure' },
  { actor: 'PERSON7@example.com' },
  { actor: 'usr_none' },
  { action: 'users' },
  { action: 'backups' },
  { action: 'backups', status: 'denied', platform: 'web3audit' },
  { action: 'slo.updated', targetKind: 'user' },
  { status: 'failure' },
  { platform: 'web3audit', targetKind: 'key' },
  { from: at(500), to: at(560) },
  { to: at(3_000), status: 'denied' },
  { from: at(11_000), action: 'backups' },
  { actor: 'usr_busy', from: at(100), to: at(4_000) },
  { text: 'SIGNED' },
  { text: 'verified', status: 'success' },
  { text: 'target_17' },
  { text: 'target_2999' },
  { text: 'old_' },
  { text: 'old_1', status: 'failure' },
  { text: 'old_2', action: 'backups' },
  { text: 'example.com', status: 'failure' },
  { text: 'person7@', status: 'denied' },
  { text: 'person4', platform: 'hashinsight', to: at(6_000) },
  { text: 'user', status: 'denied' },
  { text: 'slo', actor: 'usr_busy' },
  { text: '%_%' },
  { text: 'nobody wrote this' },
];

describe('what is found by leaps', () => {
  it.each(asked)('is what reading every row finds: %j', async (filter) => {
    const input = auditListInput.parse({ limit: 20, ...filter });
    for (const platforms of ['*' as const, ['hashinsight']]) {
      for (const beforeSeq of [null, 6_001, 700]) {
        const found = await selectAudit(stores.db, input, { platforms, beforeSeq });
        const expected = await stores.db
          .select({ seq: auditEvents.seq })
          .from(auditEvents)
          .where(
            and(
              platforms === '*' ? undefined : inArray(auditEvents.platform, platforms),
              beforeSeq === null ? undefined : lt(auditEvents.seq, beforeSeq),
              ...(await conditions(stores.db, input)),
            ),
          )
          .orderBy(desc(auditEvents.seq))
          .limit(21);
        expect(found.map((row) => row.seq)).toEqual(expected.map((row) => row.seq));
      }
    }
  });

  it('finds a new word at once', async () => {
    const target = { kind: 'import', id: 'Zebra_1' };
    await write(testCtx(stores), async (_tx, record) =>
      record({ action: 'users.imported', category: 'users', target }),
    );
    await write(testCtx(stores), async (_tx, record) =>
      record({ action: 'users.imported', category: 'users', target }),
    );
    const input = auditListInput.parse({ text: 'zebra' });
    expect(await selectAudit(stores.db, input, { platforms: '*', beforeSeq: null })).toHaveLength(2);
    expect(await stores.db.$count(auditWords, sql`${auditWords.word} = 'Zebra_1'`)).toBe(1);
  });
});
