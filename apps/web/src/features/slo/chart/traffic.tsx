import { useId } from 'react';
import { formatCount } from '../../../lib/format.ts';
import { ZonePatterns, zoneFill } from '../../../ui/zones.tsx';
import { countOf, type SloUnit } from '../unit-words.ts';
import type { ExcludedBand } from './excluded.ts';
import type { ChartPoint, TimeRange } from './series.ts';

export interface TrafficProps {
  points: readonly ChartPoint[];
  range: TimeRange;
  /** Time that does not count. */
  bands: readonly ExcludedBand[];
  unit: SloUnit;
}

const MINUTE_MS = 60_000;
const HEIGHT = 30;

/** Events of each minute under the enlarged hour, the failed part in red: is anything happening at all? */
export function Traffic({ points, range, bands, unit }: TrafficProps) {
  const id = useId().replaceAll(':', '');
  const minutes = points.filter(
    (point) => point.events !== null && point.at > range.startAt && point.at <= range.endAt,
  );
  const most = minutes.reduce((max, point) => Math.max(max, point.events ?? 0), 0);
  const span = range.endAt - range.startAt;
  const width = (MINUTE_MS / span) * 1000;
  const words = trafficWords(minutes, unit);
  return (
    <div className="mt-1.5">
      <svg
        viewBox={`0 0 1000 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence(minutes, most, { unit, bands })}
        className="h-[30px] w-full border-b border-line-strong"
      >
        {bands.length > 0 && <ZonePatterns idPrefix={id} />}
        {bands.map((band) => (
          <rect
            key={band.startAt}
            x={((band.startAt - range.startAt) / span) * 1000}
            width={((band.endAt - band.startAt) / span) * 1000}
            height={HEIGHT}
            fill={zoneFill(id, 'excluded')}
          />
        ))}
        {minutes.map((point) => (
          <Minute
            key={point.at}
            point={point}
            most={most}
            x={((point.at - MINUTE_MS - range.startAt) / span) * 1000}
            width={width}
          />
        ))}
      </svg>
      <p className="mt-1 flex justify-between gap-3 text-micro whitespace-nowrap text-ink-3 [font-stretch:92%]">
        <span>{words}</span>
        {unit === 'events' && <span>most a minute {formatCount(most)}</span>}
      </p>
    </div>
  );
}

const sum = (minutes: readonly ChartPoint[], pick: (point: ChartPoint) => number | null) =>
  minutes.reduce((total, point) => total + (pick(point) ?? 0), 0);

/** `2,310 events so far, 41 failed`, `37 minutes so far, 4 bad`. */
function trafficWords(minutes: readonly ChartPoint[], unit: SloUnit): string {
  const total = sum(minutes, (point) => point.events);
  const failed = sum(minutes, (point) => point.failed);
  return `${countOf(total, unit)} so far, ${formatCount(failed)} ${unit === 'minutes' ? 'bad' : 'failed'}`;
}

function sentence(
  minutes: readonly ChartPoint[],
  most: number,
  { unit, bands }: Pick<TrafficProps, 'unit' | 'bands'>,
): string {
  const excluded = bands.length === 0 ? '' : `; excluded: ${bands.map((band) => band.text).join(', ')}`;
  if (unit === 'minutes') return `Minutes of this hour: ${trafficWords(minutes, unit)}${excluded}`;
  const total = formatCount(sum(minutes, (point) => point.events));
  const failed = formatCount(sum(minutes, (point) => point.failed));
  const counts = `${total} so far, ${failed} failed, ${formatCount(most)} in the busiest minute`;
  return `Events each minute of this hour: ${counts}${excluded}`;
}

function Minute({ point, most, x, width }: { point: ChartPoint; most: number; x: number; width: number }) {
  const events = point.events ?? 0;
  const failed = point.failed ?? 0;
  if (most === 0 || events === 0) return null;
  const high = Math.max(1.5, (events / most) * HEIGHT);
  const red = failed === 0 ? 0 : Math.max(3, (failed / most) * HEIGHT);
  return (
    <>
      <rect x={x} width={width * 0.82} y={HEIGHT - high} height={high} fill="var(--qd-water-line)" opacity={0.62} />
      {red > 0 && <rect x={x} width={width * 0.82} y={HEIGHT - red} height={red} fill="var(--qd-crit-fill)" />}
    </>
  );
}
