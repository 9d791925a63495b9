import type { DemoDeploy, DemoIncident } from './port.ts';
import { DAY_MINUTES } from './story.ts';

const ago = (days: number, hours = 0): number => -Math.round(days * DAY_MINUTES + hours * 60);

/** Incidents of the demo. */
export const demoIncidents: readonly DemoIncident[] = [
  {
    platformId: 'hashinsight',
    severity: 'P0',
    title: 'Database connections exhausted',
    summary: 'Connection pool exhausted',
    fromMinute: -24,
    minutes: 49,
  },
  {
    platformId: 'hashinsight',
    severity: 'P2',
    title: 'Neon compute suspended',
    summary: 'Cold start after idle suspension',
    fromMinute: ago(10, 8),
    minutes: 18,
  },
  {
    platformId: 'hashinsight',
    severity: 'P3',
    title: 'CoinWarz breaker half-open',
    summary: 'Market data retried and failed',
    fromMinute: ago(14, 11),
    minutes: 25,
  },
  {
    platformId: 'hashinsight',
    severity: 'P1',
    title: 'Cache stampede after restart',
    summary: 'Cold cache under morning load',
    fromMinute: ago(52, 4),
    minutes: 90,
  },
  {
    platformId: 'web3audit',
    severity: 'P2',
    title: 'Analyzer workers out of memory',
    summary: 'Large contracts timed out',
    fromMinute: ago(15, 3),
    minutes: 300,
  },
  {
    platformId: 'stellarescrow',
    severity: 'P2',
    title: 'Ledger indexer fell behind',
    summary: 'Indexer replayed from a snapshot',
    fromMinute: ago(1, 20),
    minutes: 130,
  },
  {
    platformId: 'stellarescrow',
    severity: 'P3',
    title: 'Cache is cold',
    summary: 'Hit rate below 70% after a flush',
    fromMinute: -38,
    minutes: 110,
  },
];

/** Deploys of the demo. */
export const demoDeploys: readonly DemoDeploy[] = [
  {
    platformId: 'hashinsight',
    service: 'core',
    version: 'v1.9.0',
    summary: 'Request coalescing rollout',
    atMinute: ago(18, 4),
    settleMinutes: 40,
  },
  {
    platformId: 'hashinsight',
    service: 'core',
    version: 'v1.9.5',
    summary: 'Calculator fixes',
    atMinute: ago(7, 5),
    settleMinutes: 30,
  },
  {
    platformId: 'hashinsight',
    service: 'core',
    version: 'v2.0.0',
    summary: 'New dashboard',
    atMinute: -167,
    settleMinutes: 30,
  },
  {
    platformId: 'web3audit',
    service: 'analyzer',
    version: '3.4.1',
    summary: 'Solidity 0.8.30 support',
    atMinute: ago(16, 2),
    settleMinutes: 30,
  },
  {
    platformId: 'stellarescrow',
    service: 'api',
    version: '1.12.0',
    summary: 'Escrow templates',
    atMinute: ago(20, 9),
    settleMinutes: 30,
  },
];
