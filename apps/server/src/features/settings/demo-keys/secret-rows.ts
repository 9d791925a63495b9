import { manualSchedules, nextDueMs } from '@qd/shared/secrets';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { inQuarterBefore } from './quarters.ts';
import { toldSecretAges } from './story.ts';

const RECORDED_LATER_MS = 20 * MINUTE_MS;

/** Secrets of the demo's platforms besides keys, with the rotations recorded of them: the schedules of the manuals. */
export function demoSecretRows(platforms: readonly string[], now: Date) {
  const entries = platforms.flatMap((platform) =>
    (manualSchedules[platform] ?? []).map((entry) => ({ platform, entry, times: rotationTimes(entry.name, now) })),
  );
  const idOf = (platform: string, name: string): string =>
    `sec_demo_${platform}_${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`;
  const rows = entries.map(({ platform, entry, times }) => {
    const lastMs = times[0]?.getTime() ?? null;
    const dueMs = nextDueMs(entry, lastMs);
    return {
      ...entry,
      id: idOf(platform, entry.name),
      platform,
      ownerName: 'Adaeze Bello',
      lastRotatedAt: times[0] ?? null,
      nextDueAt: dueMs === null ? null : new Date(dueMs),
      isDemo: true,
      createdAt: times.at(-1) ?? now,
      updatedAt: times[0] ?? now,
    };
  });
  const rotations = entries.flatMap(({ platform, entry, times }) =>
    times.map((rotatedAt, index) => ({
      id: `srt_demo_${platform}_${entry.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}_${index}`,
      secretId: idOf(platform, entry.name),
      rotatedAt,
      evidence: `Ticket OPS-${480 - index * 90 - entry.name.length}, seen by Noor Haddad.`,
      recordedBy: 'usr_demo_adaeze_bello',
      recordedAt: new Date(rotatedAt.getTime() + RECORDED_LATER_MS),
    })),
  );
  return { secrets: rows, rotations };
}

/** When a secret was rotated, the last time first. The one that is overdue was rotated in an earlier quarter. */
function rotationTimes(name: string, now: Date): Date[] {
  const ages = toldSecretAges[name];
  if (ages === undefined) return [inQuarterBefore(now)];
  return ages.map((days) => new Date(now.getTime() - days * DAY_MS));
}
