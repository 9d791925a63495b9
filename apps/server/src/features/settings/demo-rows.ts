import { builtInRoles, roleTitles } from '@qd/shared/permissions';
import type { PlatformDefinition } from '@qd/shared/slo';
import { DAY_MS, endOfMinute, HOUR_MS, MINUTE_MS, startOfMinute, startOfUtcDay } from '@qd/shared/time';
import type { DemoScript } from '../../adapters/metrics/demo/port.ts';

/** Platforms, sources and objectives of the demo, as rows. */
export function catalogRows(presets: readonly PlatformDefinition[], now: Date, anchorAt: Date) {
  return {
    platforms: presets.map((p) => ({ id: p.platform, name: p.name, isDemo: true, createdAt: now })),
    sources: presets.map((p) => ({
      id: `src_demo_${p.platform}`,
      platformId: p.platform,
      kind: 'demo' as const,
      name: 'Demo history',
      url: null,
      intervalMs: 15_000,
      isDemo: true,
      createdAt: now,
    })),
    slos: presets.flatMap((p) =>
      p.slos.map((s) => ({
        id: `slo_demo_${p.platform}_${s.slug.replaceAll('-', '_')}`,
        platformId: p.platform,
        sourceId: `src_demo_${p.platform}`,
        slug: s.slug,
        name: s.name,
        description: s.description,
        owner: s.owner,
        indicator: s.indicator,
        targetPercent: s.target.percent,
        windowMs: s.windowMs,
        anchorAt,
        cautionRatio: s.policy.cautionRatio,
        freezeRatio: s.policy.freezeRatio,
        isDemo: true,
        createdAt: now,
      })),
    ),
  };
}

/** Weeks for which the demo's maintenance has been going on: as long as its history. */
const MAINTENANCE_WEEKS = 12;
const SUNDAY = 0;

/** Time that does not count in the demo: half an hour of maintenance on Sundays, for one objective. */
export function exclusionRows(presets: readonly PlatformDefinition[], now: Date) {
  const today = startOfUtcDay(now.getTime());
  const sinceSunday = (new Date(today).getUTCDay() - SUNDAY) * DAY_MS;
  const stamp = { createdAt: now, createdBy: 'Demo operator', updatedAt: now, updatedBy: 'Demo operator' };
  return presets
    .filter((p) => p.platform === 'stellarescrow' && p.slos.some((s) => s.slug === 'availability'))
    .map((p) => ({
      ...stamp,
      id: `exc_demo_${p.platform}`,
      platformId: p.platform,
      sloId: `slo_demo_${p.platform}_availability`,
      category: 'maintenance' as const,
      reason: 'Ledger nodes are upgraded',
      startsAt: new Date(today - sinceSunday - MAINTENANCE_WEEKS * 7 * DAY_MS + 2 * HOUR_MS),
      durationMs: 30 * MINUTE_MS,
      rrule: 'FREQ=WEEKLY;BYDAY=SU',
      timeZone: 'UTC',
      isDemo: true,
    }));
}

/** Stakeholders see the three customers' platforms, not the console itself; everyone else sees all. */
export function peopleRows(passwordHash: string, presets: readonly PlatformDefinition[], now: Date) {
  const person = (role: string) => `usr_demo_${role}`;
  const people = builtInRoles.map((role) => ({
    id: person(role),
    email: `${role}@demo.quarterdeck.test`,
    emailKey: `${role}@demo.quarterdeck.test`,
    name: `Demo ${roleTitles[role].toLowerCase()}`,
    passwordHash,
    state: 'active' as const,
    isDemo: true,
    createdAt: now,
  }));
  const given = builtInRoles.flatMap((role) =>
    (role === 'stakeholder' ? presets.map((p) => p.platform) : ['*']).map((platform) => ({
      id: `grt_demo_${role}_${platform === '*' ? 'all' : platform}`,
      userId: person(role),
      role,
      platform,
      reason: 'Demo account',
      grantedBy: null,
      createdAt: now,
    })),
  );
  return [people, given] as const;
}

/** Incidents and deploys of the script, as rows. */
export function eventRows(script: DemoScript, nowMinute: number) {
  const at = (relative: number) => new Date(startOfMinute(nowMinute + relative));
  const incidents = script.incidents.map((i) => {
    const startedAt = at(i.fromMinute);
    const over = i.fromMinute + i.minutes <= 0;
    return {
      id: incidentDay(startedAt),
      platformId: i.platformId,
      severity: i.severity,
      title: i.title,
      summary: i.summary,
      status: over ? ('resolved' as const) : ('mitigating' as const),
      startedAt,
      resolvedAt: over ? new Date(endOfMinute(nowMinute + i.fromMinute + i.minutes - 1)) : null,
      isDemo: true,
    };
  });
  const deploys = script.deploys.map((d) => ({
    id: `dep_demo_${d.platformId}_${d.version.replaceAll('.', '_')}`,
    platformId: d.platformId,
    service: d.service,
    version: d.version,
    summary: d.summary,
    at: at(d.atMinute),
    settledAt: at(d.atMinute + d.settleMinutes),
    isDemo: true,
  }));
  return { incidents: numbered(incidents), deploys };
}

/** `INC-2025-1003`, as the HashInsight manual numbers incidents; the running number of the day follows. */
function incidentDay(startedAt: Date): string {
  const day = startedAt.toISOString().slice(0, 10);
  return `INC-${day.slice(0, 4)}-${day.slice(5, 7)}${day.slice(8, 10)}`;
}

function numbered<T extends { id: string }>(rows: T[]): T[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const n = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, n);
    return { ...row, id: `${row.id}-${String(n).padStart(3, '0')}` };
  });
}
