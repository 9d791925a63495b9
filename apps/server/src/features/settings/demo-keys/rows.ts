import { createHmac, randomBytes } from 'node:crypto';
import { defaultKeyPolicy, type KeyPolicyFacts } from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { inQuarterBefore } from './quarters.ts';
import {
  OVERLAP_OF_ROTATIONS_DAYS,
  toldConsumers,
  toldKeys,
  toldRotations,
  toldScopes,
  type ToldKey,
} from './story.ts';

const STARTED_BY = 'usr_demo_jun_watanabe';
const NOTICE_DELAY_MS = 3 * MINUTE_MS;
const RECORDED_LATER_MS = 20 * MINUTE_MS;

const rotationOf: Readonly<Record<string, { prefix: string; rotation: KeyPolicyFacts['rotation'] }>> = {
  hashinsight: { prefix: 'hsi', rotation: { by: 'age', everyDays: 90 } },
  web3audit: { prefix: 'w3a', rotation: { by: 'age', everyDays: 90 } },
  stellarescrow: { prefix: 'se', rotation: { by: 'quarter' } },
};

/** Thirty-two bytes no text of anybody's leads to: the secret and the key they are made with are thrown away here. */
function blankHash(): Uint8Array {
  return createHmac('sha256', randomBytes(32)).update(randomBytes(32)).digest();
}

/** Keys of the demo's platforms by the names the story has for them, with everything that hangs on them, as rows. */
export function demoKeyRows(platforms: readonly string[], now: Date) {
  const told = toldKeys.filter((key) => platforms.includes(key.platform));
  const ids = new Map(told.map((key) => [key.ref, `${key.idStart}${randomBytes(2).toString('hex')}`]));
  const idOf = (ref: string): string => ids.get(ref) ?? '';
  const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
  const isTold = ({ key }: { key: string }): boolean => ids.has(key);
  const rotations = toldRotations.filter(({ old }) => ids.has(old)).map((row) => rotationRow(row, idOf, before));
  const consumers = toldConsumers.filter(isTold).map((row) => consumerRow(row, idOf(row.key), before(100)));
  return {
    ids,
    keys: told.map((key) => keyRow(key, { idOf, before, now })),
    rotations,
    consumers,
    notices: rotations.filter((row) => row.closedAt === null).flatMap((row) => noticeRows(row, consumers)),
    policies: platforms.flatMap((platform) => policyRow(platform, now)),
    scopes: toldScopes
      .filter((row) => platforms.includes(row.platform))
      .map((row, position) => ({ ...row, position, isDemo: true })),
    leak: ids.has('exporter') ? leakRows(idOf('exporter'), before(46)) : null,
  };
}

interface Telling {
  idOf(ref: string): string;
  before(days: number): Date;
  now: Date;
}

function keyRow(key: ToldKey, telling: Telling) {
  const { idOf, before } = telling;
  return {
    id: idOf(key.ref),
    name: key.name,
    platform: key.platform,
    environment: key.environment,
    format: 'v2' as const,
    prefix: rotationOf[key.platform]?.prefix ?? 'qd',
    hash: blankHash(),
    pepperVersion: 1,
    scopes: [...key.scopes].toSorted(),
    ownerId: key.owner ?? null,
    lineageId: idOf(key.follows ?? key.ref),
    rateLimitPerMin: key.rateLimitPerMin ?? null,
    isDemo: true,
    createdBy: STARTED_BY,
    expiresAt: before(-key.expiresInDays),
    ...lifeOf(key, telling),
    ...(key.revoked && { revokedAt: before(key.revoked.days), endReason: key.revoked.reason, endedBy: key.revoked.by }),
  };
}

/** When a key began, when its rotation ends it, and when it was used where no calls of it are told. */
function lifeOf({ ref, activeDays, lastUsedDays }: ToldKey, { before, now }: Telling) {
  const activatedAt = ref === 'admin' ? inQuarterBefore(now) : before(activeDays);
  const rotation = toldRotations.find(({ old }) => old === ref);
  const used = lastUsedDays === undefined ? {} : { firstUsedAt: activatedAt, lastUsedAt: before(lastUsedDays) };
  const endDays = rotation && (rotation.completedDays ?? rotation.startedDays - OVERLAP_OF_ROTATIONS_DAYS);
  return {
    createdAt: activatedAt,
    activatedAt,
    endsAt: endDays === undefined ? null : before(endDays),
    ...used,
  };
}

function rotationRow(
  row: (typeof toldRotations)[number],
  idOf: (ref: string) => string,
  before: (days: number) => Date,
) {
  const closedAt = row.completedDays === null ? null : before(row.completedDays);
  return {
    id: `krt_demo_${idOf(row.old)}`,
    oldKeyId: idOf(row.old),
    newKeyId: idOf(row.next),
    reason: row.reason,
    startedBy: STARTED_BY,
    startedAt: before(row.startedDays),
    deadlineAt: closedAt ?? before(row.startedDays - OVERLAP_OF_ROTATIONS_DAYS),
    closedAt,
    outcome: closedAt === null ? null : ('completed' as const),
  };
}

function consumerRow(row: (typeof toldConsumers)[number], lineageId: string, createdAt: Date) {
  return {
    id: `kco_demo_${row.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`,
    lineageId,
    name: row.name,
    ownerName: row.owner,
    channel: 'email' as const,
    address: `${row.owner.toLowerCase().replaceAll(' ', '.')}@ops.example`,
    ranges: [...row.ranges],
    agents: [...row.agents],
    createdAt,
  };
}

function noticeRows(rotation: ReturnType<typeof rotationRow>, consumers: ReturnType<typeof consumerRow>[]) {
  const sentAt = new Date(rotation.startedAt.getTime() + NOTICE_DELAY_MS);
  return consumers
    .filter(({ lineageId }) => lineageId === rotation.oldKeyId)
    .map(({ id, name }) => ({
      id: `knt_demo_${id}`,
      keyId: rotation.oldKeyId,
      consumerId: id,
      daysBefore: OVERLAP_OF_ROTATIONS_DAYS,
      endsAt: rotation.deadlineAt,
      sentAt,
      tokenHash: blankHash(),
      acknowledgedAt: toldConsumers.some((told) => told.name === name && told.knows)
        ? new Date(sentAt.getTime() + RECORDED_LATER_MS)
        : null,
    }));
}

function policyRow(platform: string, updatedAt: Date) {
  const own = rotationOf[platform];
  return own === undefined
    ? []
    : [{ platform, policy: { ...defaultKeyPolicy(platform), ...own }, isDemo: true, updatedAt }];
}

function leakRows(keyId: string, reportedAt: Date) {
  const report = {
    id: `klr_demo_${keyId}`,
    source: 'paste' as const,
    place: 'Issue tracker of a contractor',
    leakedAt: new Date(reportedAt.getTime() - DAY_MS),
    characters: 2_140,
    candidates: 1,
    isDemo: true,
    reportedBy: 'usr_demo_rafael_castillo',
    reportedAt,
  };
  return { report, hit: { reportId: report.id, keyId, action: 'quarantined' as const } };
}
