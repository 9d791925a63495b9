import type { SloSummary } from '@qd/shared/slo';

/** The burn a forecast goes on with: that of the last 5 minutes, else of the last hour; none from data that are stale. */
export function currentBurn(summary: SloSummary): number | null {
  const isCurrent = summary.freshness === 'fresh' || summary.freshness === 'late';
  return isCurrent ? (summary.burn5m ?? summary.burn1h) : null;
}
