/** One key of the demo's story; days are before (or, where it says so, after) the moment it is told from. */
export interface ToldKey {
  /** Key under which the rest of the story names it. */
  ref: string;
  /** First letters of its id. */
  idStart: string;
  platform: string;
  name: string;
  environment: 'prod' | 'dev';
  scopes: readonly string[];
  activeDays: number;
  /** Days until it expires. */
  expiresInDays: number;
  rateLimitPerMin?: number;
  /** Key it takes over from. */
  follows?: string;
  owner?: string;
  /** Last use of a key no caller is told of. */
  lastUsedDays?: number;
  revoked?: { days: number; reason: string; by: string };
}

/** Calls of one caller with one key. */
export interface ToldCalls {
  key: string;
  address: string;
  agent: string;
  perMin: number;
  /** Days for which they have been going on; never before the key was made. */
  sinceDays: number;
  /** Days since they stopped. */
  untilDays?: number;
  /** Scopes asked for, in turn; all of the key's where left out. */
  scopes?: readonly string[];
}

/** How long ago the rotation of the mock was started: 29 hours and a half. */
export const ROTATION_STARTED_DAYS = 29.5 / 24;
const OVERLAP_DAYS = 7;
const LEFT_DAYS = OVERLAP_DAYS - ROTATION_STARTED_DAYS;

const ingest = ['miners:read', 'miners:write', 'telemetry:write'];
const ledger = ['escrows:read', 'escrows:write', 'settlements:read'];

export const toldKeys: readonly ToldKey[] = [
  {
    ref: 'miner',
    idStart: 'a1b2',
    platform: 'hashinsight',
    name: 'Miner ingest',
    environment: 'prod',
    scopes: ingest,
    activeDays: 90 - LEFT_DAYS,
    expiresInDays: LEFT_DAYS,
  },
  {
    ref: 'miner next',
    idStart: 'm5n6',
    platform: 'hashinsight',
    name: 'Miner ingest',
    environment: 'prod',
    scopes: ingest,
    activeDays: ROTATION_STARTED_DAYS,
    expiresInDays: 90 - ROTATION_STARTED_DAYS,
    follows: 'miner',
  },
  {
    ref: 'billing',
    idStart: 'q7w2',
    platform: 'hashinsight',
    name: 'Billing sync',
    environment: 'prod',
    scopes: ['customers:read', 'customers:write', 'billing:read', 'billing:write', 'accounts:import', 'miners:read'],
    activeDays: 49.5,
    expiresInDays: 40.5,
  },
  {
    ref: 'grafana',
    idStart: 'z5t8',
    platform: 'hashinsight',
    name: 'Grafana reader',
    environment: 'prod',
    scopes: ['miners:read', 'slo:read', 'health:read'],
    activeDays: 12.5,
    expiresInDays: 77.5,
  },
  {
    ref: 'sandbox',
    idStart: 'x9y8',
    platform: 'hashinsight',
    name: 'Dev sandbox',
    environment: 'dev',
    scopes: ingest,
    activeDays: 84.5,
    expiresInDays: 5.5,
    owner: 'usr_demo_jun_watanabe',
    lastUsedDays: 41,
  },
  {
    ref: 'exporter',
    idStart: 'c3v9',
    platform: 'hashinsight',
    name: 'Legacy exporter',
    environment: 'prod',
    scopes: ['miners:read', 'customers:read'],
    activeDays: 110,
    expiresInDays: -20,
    lastUsedDays: 46,
    revoked: { days: 46, reason: 'Suspected leak', by: 'usr_demo_rafael_castillo' },
  },
  {
    ref: 'auditor',
    idStart: '7fd2',
    platform: 'web3audit',
    name: 'CI auditor',
    environment: 'prod',
    scopes: ['audits:submit', 'reports:read'],
    activeDays: 31.5,
    expiresInDays: 58.5,
    rateLimitPerMin: 60,
  },
  {
    ref: 'mailer',
    idStart: 'e0b1',
    platform: 'web3audit',
    name: 'Report mailer',
    environment: 'prod',
    scopes: ['reports:read'],
    activeDays: 58.5,
    expiresInDays: 31.5,
    rateLimitPerMin: 60,
  },
  {
    ref: 'partner',
    idStart: '4c1e',
    platform: 'stellarescrow',
    name: 'Partner API',
    environment: 'prod',
    scopes: ledger,
    activeDays: 99,
    expiresInDays: -2,
  },
  {
    ref: 'partner next',
    idStart: '4c1f',
    platform: 'stellarescrow',
    name: 'Partner API',
    environment: 'prod',
    scopes: ledger,
    activeDays: 9,
    expiresInDays: 82,
    follows: 'partner',
  },
  {
    ref: 'admin',
    idStart: '90aa',
    platform: 'stellarescrow',
    name: 'Admin',
    environment: 'prod',
    scopes: [...ledger, 'configuration:write'],
    activeDays: 0,
    expiresInDays: 60,
  },
];

/** Callers by the addresses kept for documentation (RFC 5737). */
export const toldCalls: readonly ToldCalls[] = [
  { key: 'miner next', address: '192.0.2.11', agent: 'edge-gw/2.4', perMin: 1_405, sinceDays: 0.9 },
  { key: 'miner', address: '192.0.2.11', agent: 'edge-gw/2.4', perMin: 1_405, sinceDays: 45, untilDays: 0.9 },
  { key: 'miner', address: '192.0.2.12', agent: 'edge-gw/2.3', perMin: 1_383, sinceDays: 45 },
  {
    key: 'miner',
    address: '198.51.100.7',
    agent: 'batch-import/1.9',
    perMin: 20.1,
    sinceDays: 45,
    scopes: ['miners:write'],
  },
  {
    key: 'miner next',
    address: '198.51.100.7',
    agent: 'batch-import/2.0',
    perMin: 11.5,
    sinceDays: 0.7,
    scopes: ['miners:write'],
  },
  {
    key: 'billing',
    address: '198.51.100.20',
    agent: 'billing-sync/5.1',
    perMin: 38,
    sinceDays: 45,
    scopes: ['customers:read', 'billing:write'],
  },
  { key: 'grafana', address: '192.0.2.40', agent: 'Grafana/11.2', perMin: 12, sinceDays: 13 },
  { key: 'exporter', address: '203.0.113.66', agent: 'python-requests/2.31', perMin: 3 / 1_440, sinceDays: 45 },
  { key: 'auditor', address: '198.51.100.80', agent: 'ci-runner/3', perMin: 21, sinceDays: 32 },
  { key: 'mailer', address: '198.51.100.81', agent: 'report-mailer/1.2', perMin: 2, sinceDays: 45 },
  { key: 'partner', address: '203.0.113.10', agent: 'partner-sdk/4', perMin: 640, sinceDays: 45, untilDays: 5 },
  { key: 'partner next', address: '203.0.113.10', agent: 'partner-sdk/4', perMin: 640, sinceDays: 5 },
  {
    key: 'admin',
    address: '192.0.2.90',
    agent: 'escrow-admin/0.8',
    perMin: 0.4,
    sinceDays: 45,
    scopes: ['settlements:read'],
  },
];

/** Rotations: the key, how long ago it started, and how long ago it was completed. */
export const toldRotations = [
  {
    old: 'miner',
    next: 'miner next',
    startedDays: ROTATION_STARTED_DAYS,
    completedDays: null,
    reason: 'Due by policy',
  },
  { old: 'partner', next: 'partner next', startedDays: 9, completedDays: 2, reason: 'Quarterly rotation' },
] as const;
export const OVERLAP_OF_ROTATIONS_DAYS = OVERLAP_DAYS;

/** Who uses the keys: the key, the program, who answers for it, where that person is told, and how its calls are known. */
export const toldConsumers = [
  {
    key: 'miner',
    name: 'edge-gw-1',
    owner: 'Priya Raman',
    ranges: ['192.0.2.11/32'],
    agents: ['edge-gw/'],
    knows: true,
  },
  {
    key: 'miner',
    name: 'edge-gw-2',
    owner: 'Jun Watanabe',
    ranges: ['192.0.2.12/32'],
    agents: ['edge-gw/'],
    knows: false,
  },
  { key: 'miner', name: 'batch-import', owner: 'Leila Moreau', ranges: [], agents: ['batch-import/'], knows: false },
  {
    key: 'billing',
    name: 'billing-sync',
    owner: 'Clara Weber',
    ranges: ['198.51.100.20/32'],
    agents: [],
    knows: false,
  },
  { key: 'grafana', name: 'Grafana', owner: 'Priya Raman', ranges: [], agents: ['Grafana/'], knows: false },
  { key: 'auditor', name: 'ci-runner', owner: 'Tomasz Lind', ranges: [], agents: ['ci-runner/'], knows: false },
  { key: 'mailer', name: 'report-mailer', owner: 'Freya Larsen', ranges: [], agents: ['report-mailer/'], knows: false },
  { key: 'partner', name: 'Partner SDK', owner: 'Adaeze Bello', ranges: ['203.0.113.0/28'], agents: [], knows: false },
] as const;

/** What keys may be allowed to do besides what roles of the platforms name. */
export const toldScopes = [
  { platform: 'hashinsight', scope: 'telemetry:write', description: 'Send telemetry of miners' },
  { platform: 'hashinsight', scope: 'billing:read', description: 'Read invoices' },
  { platform: 'hashinsight', scope: 'billing:write', description: 'Write invoices' },
  { platform: 'stellarescrow', scope: 'escrows:read', description: 'Read escrows' },
  { platform: 'stellarescrow', scope: 'escrows:write', description: 'Open and release escrows' },
  { platform: 'stellarescrow', scope: 'settlements:read', description: 'Read settlements' },
] as const;

/** Secrets of the platforms besides keys: days since each was rotated, beginning with the last time. */
export const toldSecretAges: Readonly<Record<string, readonly number[]>> = {
  POSTGRES_PASSWORD: [300, 664],
  REDIS_PASSWORD: [355],
  API_KEYS: [9, 99],
  GRAFANA_ADMIN_PASSWORD: [12],
  'S3 credentials': [120, 210],
};
