import { instantOfWall, wallOf, type Zone } from './zone.ts';

/** An instant as a form field of local day and time has it: `YYYY-MM-DDTHH:MM` by the wall clock of the zone. */
export function toLocalField(atMs: number, zone: Zone): string {
  return new Date(wallOf(atMs, zone)).toISOString().slice(0, 16);
}

/** The instant a local form field means, in epoch ms, or null while it is not whole. */
export function fromLocalField(text: string, zone: Zone): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const wall = Date.parse(`${text}:00Z`);
  return Number.isNaN(wall) ? null : instantOfWall(wall, zone);
}
