import { DAY_MS } from '@qd/shared/time';

export type ZoneMode = 'utc' | 'local';

/** The zone times are written in. `label` is what stands behind a time. */
export interface Zone {
  mode: ZoneMode;
  /** IANA name. */
  name: string;
  label: string;
}

export const utc: Zone = { mode: 'utc', name: 'UTC', label: 'UTC' };

/** The zone of this machine; its label is the city of the IANA name (`Europe/Lisbon` → `Lisbon`). */
export function localZone(name = Intl.DateTimeFormat().resolvedOptions().timeZone): Zone {
  const city = name.split('/').at(-1)?.replaceAll('_', ' ') ?? name;
  return { mode: 'local', name, label: /^(UTC|GMT|Zulu|Universal)$/.test(city) ? 'local' : city };
}

const wallClocks = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds the wall clock of the zone is ahead of UTC at an instant. */
export function zoneAheadMs(atMs: number, zone: Zone): number {
  if (zone.mode === 'utc') return 0;
  let format = wallClocks.get(zone.name);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone.name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    wallClocks.set(zone.name, format);
  }
  const parts = new Map(format.formatToParts(atMs).map((part) => [part.type, Number(part.value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(atMs / 1_000) * 1_000;
}

/** Start and end (epoch ms) of the day that contains an instant, by the wall clock of the zone; 23 or 25 h on change days. */
export function dayOf(atMs: number, zone: Zone): { startAt: number; endAt: number } {
  const wallDay = Math.floor((atMs + zoneAheadMs(atMs, zone)) / DAY_MS) * DAY_MS;
  return { startAt: instantOfWall(wallDay, zone), endAt: instantOfWall(wallDay + DAY_MS, zone) };
}

/** What the wall clock of the zone shows at an instant, counted as if it were UTC. */
export function wallOf(atMs: number, zone: Zone): number {
  return atMs + zoneAheadMs(atMs, zone);
}

/** The instant at which the wall clock of the zone shows `wallMs` (counted as if it were UTC). */
export function instantOfWall(wallMs: number, zone: Zone): number {
  const guess = wallMs - zoneAheadMs(wallMs, zone);
  return wallMs - zoneAheadMs(guess, zone);
}
