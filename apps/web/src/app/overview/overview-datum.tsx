import type { PlatformLane, SloSummary } from '@qd/shared/slo';
import { formatAge, formatClock, formatDuration } from '../../lib/format.ts';
import { isStale } from '../../lib/slo-words.ts';
import type { Zone } from '../../lib/zone.ts';
import { DatumLine, type DatumItem } from '../../ui/call.tsx';

interface OverviewDatumProps {
  asOf: number;
  now: number;
  zone: Zone;
  isHeld: boolean;
  slos: readonly SloSummary[];
  lanes: readonly PlatformLane[];
}

/** When the figures were true, how many are missing, and how the strips are drawn. */
export function OverviewDatum({ asOf, now, zone, isHeld, slos, lanes }: OverviewDatumProps) {
  const unseen = slos.filter(isStale).length;
  const stepMs = lanes.find((lane) => lane.slo !== null)?.stepMs;
  const items: DatumItem[] = [
    {
      key: 'as-of',
      glyph: isHeld ? 'unknown' : 'ok',
      content: (
        <>
          As of <b>{formatClock(asOf, zone, { seconds: true, withZone: true })}</b>,{' '}
          {formatAge(Math.max(0, now - asOf))}
        </>
      ),
    },
    { key: 'count', content: slos.length === 1 ? '1 objective' : `${slos.length} objectives` },
  ];
  if (unseen > 0)
    items.push({ key: 'unseen', glyph: 'unknown', content: `${unseen} without fresh data, not counted as good` });
  if (stepMs !== undefined) {
    items.push({
      key: 'strip',
      content: `Error ratio, ${formatDuration(stepMs)} buckets, log scale`,
    });
  }
  return <DatumLine items={items} />;
}
