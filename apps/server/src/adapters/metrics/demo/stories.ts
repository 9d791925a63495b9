import { DAY_MINUTES, type Story } from './story.ts';

/** Minutes of a moment some days (and hours) before now. */
const ago = (days: number, hours = 0): number => -Math.round(days * DAY_MINUTES + hours * 60);

/** The outage being fought: first errors 24 minutes ago, the pool runs dry, idle connections are ended, it recovers at 49. */
function outage(minute: number): number {
  if (minute < 1) return 0.03;
  if (minute < 4) return 0.2 * minute;
  if (minute < 18) return 0.82;
  if (minute < 25) return 0.82 - 0.063 * (minute - 18);
  return Math.max(0, 0.38 - 0.024 * (minute - 25) - 0.1 * Math.min(1, (minute - 25) / 6));
}
const OUTAGE = { fromMinute: -24, minutes: 49 };

const settle = (minute: number): number => Math.exp(-minute / 14);

/** What the demo's objectives live through. Keys are those of the presets. */
export const stories: readonly Story[] = [
  {
    key: 'hashinsight/availability',
    requestsPerMinute: 1_320,
    leftRatio: 0.029,
    backgroundShare: 0.106,
    episodes: [
      { fromMinute: ago(71), minutes: 35, share: 0.22 },
      { fromMinute: ago(52, 4), minutes: 90, share: 0.3, shape: settle },
      { fromMinute: ago(18, 4), minutes: 40, share: 0.088, shape: settle },
      { fromMinute: ago(14, 11), minutes: 25, share: 0.037 },
      { fromMinute: ago(10, 8), minutes: 18, share: 0.056 },
      { fromMinute: -167, minutes: 30, share: 0.004 },
      { ...OUTAGE, share: 'rest', shape: outage },
    ],
    gaps: [
      { fromMinute: ago(12, 5), toMinute: ago(12, 5) + 2 },
      { fromMinute: ago(6, 2), toMinute: ago(6, 2) + 1 },
    ],
  },
  {
    key: 'hashinsight/core-api',
    requestsPerMinute: 820,
    leftRatio: 0.182,
    backgroundShare: 0.34,
    episodes: [
      { fromMinute: ago(64), minutes: 60, share: 0.2, shape: settle },
      { fromMinute: ago(18, 4), minutes: 45, share: 0.11, shape: settle },
      { fromMinute: ago(10, 8), minutes: 20, share: 0.07 },
      { ...OUTAGE, share: 'rest', shape: outage },
    ],
  },
  {
    key: 'hashinsight/latency-p95',
    requestsPerMinute: 1_320,
    leftRatio: 0.122,
    backgroundShare: 0.86,
    episodes: [
      { fromMinute: ago(3), minutes: 3 * DAY_MINUTES - 40, share: 0.055 },
      { fromMinute: ago(18, 4), minutes: 1_300, share: 'rest' },
      { ...OUTAGE, share: 0.006, shape: outage },
    ],
  },
  {
    key: 'hashinsight/latency-p99',
    requestsPerMinute: 1_320,
    leftRatio: 0.42,
    backgroundShare: 0.6,
    episodes: [
      { fromMinute: ago(10, 8), minutes: 80, share: 'rest', shape: settle },
      { ...OUTAGE, share: 0.024, shape: outage },
    ],
  },
  {
    key: 'hashinsight/client-errors',
    requestsPerMinute: 1_320,
    leftRatio: 0.71,
    backgroundShare: 0.33,
    episodes: [{ fromMinute: ago(16), minutes: 240, share: 'rest' }],
  },
  {
    key: 'web3audit/audit-completion',
    requestsPerMinute: 0.33,
    leftRatio: 0.641,
    backgroundShare: 0.3,
    episodes: [{ fromMinute: ago(15, 3), minutes: 300, share: 'rest' }],
  },
  {
    key: 'web3audit/audit-duration',
    requestsPerMinute: 0.33,
    leftRatio: 0.46,
    backgroundShare: 0.62,
    episodes: [{ fromMinute: ago(8, 5), minutes: 200, share: 'rest' }],
  },
  {
    key: 'web3audit/api-health',
    requestsPerMinute: 4,
    leftRatio: 0.93,
    backgroundShare: 0.05,
    episodes: [{ fromMinute: ago(20, 2), minutes: 20, share: 'rest' }],
    gaps: [{ fromMinute: -49, toMinute: Number.POSITIVE_INFINITY }],
  },
  {
    key: 'stellarescrow/availability',
    requestsPerMinute: 480,
    leftRatio: 0.88,
    backgroundShare: 0.1,
    episodes: [
      { fromMinute: -570, minutes: 45, share: 0.012 },
      { fromMinute: ago(20, 9), minutes: 25, share: 'rest' },
    ],
  },
  {
    key: 'stellarescrow/ttfb',
    requestsPerMinute: 620,
    leftRatio: 0.417,
    backgroundShare: 0.58,
    episodes: [
      { fromMinute: ago(1, 16), minutes: 200, share: 'rest' },
      {
        fromMinute: -38,
        minutes: 110,
        share: 0.0032,
        shape: (minute) => (minute < 60 ? 1 : Math.exp(-(minute - 60) / 15)),
      },
    ],
  },
  {
    key: 'stellarescrow/indexer-lag',
    requestsPerMinute: 6,
    leftRatio: 0.583,
    backgroundShare: 0.08,
    episodes: [{ fromMinute: ago(1, 20), minutes: 130, share: 'rest' }],
  },
];
