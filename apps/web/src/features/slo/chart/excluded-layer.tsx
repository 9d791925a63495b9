import type { ExcludedBand } from './excluded.ts';
import { textWidth } from './labels.ts';
import { usePlane } from './use-plane.ts';

const LEAST_WIDTH = 2;
const WORD = 'excluded';

/** Time that does not count: a quiet hatch under the line, with a bar along its foot so that a thin one is found. */
export function ExcludedLayer({ bands, fill }: { bands: readonly ExcludedBand[]; fill: string }) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot } = plane;
  const foot = plot.y + plot.height;
  return (
    <g aria-hidden="true">
      {bands.map((band) => {
        const from = Math.max(plot.x, plane.x(band.startAt));
        const to = Math.min(plot.x + plot.width, Math.max(plane.x(band.endAt), from + LEAST_WIDTH));
        if (to <= from) return null;
        return (
          <g key={`${band.startAt}-${band.text}`}>
            <rect x={from} y={plot.y} width={to - from} height={plot.height} fill={fill} />
            <rect x={from} y={foot - 4} width={to - from} height={4} fill="var(--qd-info)" />
            {to - from > textWidth(WORD) + 8 && (
              <text
                x={(from + to) / 2}
                y={foot - 9}
                textAnchor="middle"
                className="fill-ink-2 text-micro [font-stretch:90%]"
              >
                {WORD}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
