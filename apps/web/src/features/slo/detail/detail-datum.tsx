import type { SloDetail, SloWindow } from '@qd/shared/slo';
import { formatAge, formatClock, formatDateTime, formatDay, formatLevel } from '../../../lib/format.ts';
import { isStale } from '../../../lib/slo-words.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { DatumItem } from '../../../ui/call.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { dayOfWindow, windowLength } from '../budget-words.ts';
import { windowName } from '../window-words.ts';

/** The datum of the page: as of when, from which source and how old, what is promised, which window. */
export function detailDatum(slo: SloDetail, nowMs: number, zone: Zone): DatumItem[] {
  const { window } = slo.budget;
  const stale = isStale(slo);
  const items: DatumItem[] = [
    {
      key: 'as-of',
      glyph: stale ? 'unknown' : slo.freshness === 'late' ? 'warn' : 'ok',
      content: (
        <>
          As of <b>{asOfWords(slo, nowMs, zone)}</b>
        </>
      ),
    },
    { key: 'source', content: sourceAge(slo, nowMs) },
    {
      key: 'objective',
      content: [`Objective ${formatLevel(slo.targetPercent)}`, slo.description].filter(Boolean).join(', '),
    },
    { key: 'window', content: windowWords(window, nowMs, zone) },
  ];
  if (slo.owner !== null) items.push({ key: 'owner', content: `Owner ${slo.owner}` });
  if (slo.budget.estimated && slo.budget.totalEvents > 0)
    items.push({ key: 'estimated', content: 'Total of the window estimated' });
  if (slo.service !== null) items.push({ key: 'service', content: `Service ${slo.service}` });
  if (slo.isDemo) items.push({ key: 'demo', content: <Tag>Demo</Tag> });
  return items;
}

/** `30 d window, 9 Sep to 9 Oct, day 25`, `November 2026, Europe/Berlin, day 21`, `Rolling window, the last 30 d`. */
function windowWords(window: SloWindow, nowMs: number, zone: Zone): string {
  if (window.view === 'rolling') return `Rolling window, the last ${windowLength(window.windowMs)}`;
  const day = `day ${dayOfWindow(window, nowMs)}`;
  const name = windowName(window, zone, nowMs);
  return window.calendar === undefined ? `${windowLength(window.windowMs)} window, ${name}, ${day}` : `${name}, ${day}`;
}

/** Time of day, with the day when the figures are older than today. */
function asOfWords(slo: SloDetail, nowMs: number, zone: Zone): string {
  const at = isStale(slo) ? (slo.dataAt ?? slo.asOf) : slo.asOf;
  const today = formatDay(at, zone, nowMs) === formatDay(nowMs, zone, nowMs);
  const seconds = { seconds: true };
  return today ? formatClock(at, zone, { ...seconds, withZone: true }) : formatDateTime(at, zone, nowMs, seconds);
}

function sourceAge(slo: SloDetail, nowMs: number) {
  if (slo.dataAt === null) return `${slo.source.name}, nothing received yet${reason(slo)}`;
  const age = `${slo.source.name}, ${formatAge(nowMs - slo.dataAt)}`;
  if (slo.freshness === 'fresh') return age;
  return <span className={isStale(slo) ? 'text-stale' : 'text-warn'}>{age + reason(slo)}</span>;
}

function reason(slo: SloDetail): string {
  return slo.staleReason === null ? '' : `: ${slo.staleReason}`;
}
