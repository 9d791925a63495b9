import type { SloSummary, SloWindow } from '@qd/shared/slo';
import { formatAge, formatClock, formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import type { DatumItem } from '../../../ui/call.tsx';
import { windowLength } from '../budget-words.ts';
import { windowName } from '../window-words.ts';
import { liveSources, newestDataAt, sharedWindow } from './list-rows.ts';

/** Where the list comes from and how old it is. */
export function listDatum(rows: readonly SloSummary[], at: { asOf: number; now: number; zone: Zone }): DatumItem[] {
  const { asOf, now, zone } = at;
  const sources = liveSources(rows);
  const items: DatumItem[] = [
    {
      key: 'as-of',
      glyph: sources.length === 0 ? 'unknown' : 'ok',
      content: (
        <>
          As of <b>{formatClock(asOf, zone, { seconds: true, withZone: true })}</b>
        </>
      ),
    },
    { key: 'source', content: sourceWords(sources, newestDataAt(rows), now) },
  ];
  const window = sharedWindow(rows);
  if (window !== null) {
    items.push({ key: 'window', content: sharedWords(window, now, zone) });
  }
  const ideal = window === null ? null : rows[0]?.budget.idealLeftRatio;
  if (rows.every((row) => row.budget.window.view === 'rolling')) return items;
  items.push({
    key: 'ideal',
    content:
      ideal == null ? 'Ideal burn marked on every bar' : `Ideal now ${formatPercent(ideal)} left, marked on every bar`,
  });
  return items;
}

function sharedWords(window: SloWindow, now: number, zone: Zone): string {
  const name = windowName(window, zone, now);
  return window.view === 'rolling' ? `Rolling window, the ${name}` : `${windowLength(window.windowMs)} window, ${name}`;
}

function sourceWords(sources: readonly SloSummary['source'][], newest: number | null, now: number): string {
  const only = sources[0];
  if (only === undefined || newest === null) return 'No source answers';
  const age = formatAge(now - newest);
  return sources.length === 1 ? `${only.name}, ${age}` : `${sources.length} sources, newest ${age}`;
}
