import type { Mark } from '../slo/index.ts';
import { MINUTE_MS } from '../time/index.ts';

/** How long after a deploy errors are counted towards it, unless it was said when it had settled. */
export const DEPLOY_SETTLE_MS = 30 * MINUTE_MS;

/** A version that went live, as it is stored. */
export interface DeployRow {
  id: string;
  platformId: string;
  service: string;
  version: string;
  summary: string;
  at: Date;
  settledAt: Date | null;
  actor: string | null;
  /** Its own page, as its sender said. */
  url: string | null;
  isDemo: boolean;
}

/** Something that went wrong, as it is stored. */
export interface IncidentRow {
  id: string;
  platformId: string;
  severity: string;
  title: string;
  startedAt: Date;
  resolvedAt: Date | null;
  isDemo: boolean;
}

/** An address that may become a link, or null: anything but http and https could run code where it is clicked. */
function webAddress(url: string | null): string | null {
  const isWeb = url !== null && /^https?:\/\/[^\s/]/i.test(url);
  return isWeb ? url : null;
}

/** A deploy on a time axis: it lasts until it has settled. */
export function deployMark(row: DeployRow): Mark {
  const by = row.actor === null ? '' : ` by ${row.actor}`;
  return {
    id: row.id,
    kind: 'deploy',
    platformId: row.platformId,
    at: row.at.getTime(),
    endAt: row.settledAt?.getTime() ?? row.at.getTime() + DEPLOY_SETTLE_MS,
    label: `Deploy ${row.version}`,
    detail: row.summary === '' ? `${row.service}${by}` : row.summary,
    severity: null,
    open: false,
    url: webAddress(row.url),
    isDemo: row.isDemo,
  };
}

/** An incident on a time axis: open until it is resolved. */
export function incidentMark(row: IncidentRow): Mark {
  return {
    id: row.id,
    kind: 'incident',
    platformId: row.platformId,
    at: row.startedAt.getTime(),
    endAt: row.resolvedAt?.getTime() ?? null,
    label: row.id,
    detail: row.title,
    severity: row.severity,
    open: row.resolvedAt === null,
    url: null,
    isDemo: row.isDemo,
  };
}
