import type { TimeAxis } from './axis.ts';
import { usePlane } from './use-plane.ts';

const GAP = 3;
const HEIGHT = 6;

export interface RuleLayerProps {
  axis: TimeAxis;
  startAt: number;
  endAt: number;
  /** From here on the band is faded: it has not happened yet. */
  nowAt: number;
  tone: 'ink' | 'overprint';
}

/** The rule under the plot: ink and paper alternate per unit, the future is faded. */
export function RuleLayer({ axis, startAt, endAt, nowAt, tone }: RuleLayerProps) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot, x } = plane;
  const colour = tone === 'ink' ? 'var(--qd-ink)' : 'var(--qd-overprint-line)';
  const y = plot.y + plot.height + GAP;
  const unitMs = (endAt - startAt) / axis.units;
  const dark = Array.from({ length: axis.units }, (_, unit) => unit).filter((unit) => unit % 2 === 0);
  const futureX = Math.min(plot.x + plot.width, Math.max(plot.x, x(nowAt)));
  return (
    <g aria-hidden="true">
      {dark.map((unit) => {
        const from = x(startAt + unit * unitMs);
        return (
          <rect
            key={unit}
            x={from}
            y={y}
            width={x(startAt + (unit + 1) * unitMs) - from}
            height={HEIGHT}
            fill={colour}
          />
        );
      })}
      <rect x={plot.x + 0.5} y={y + 0.5} width={plot.width - 1} height={HEIGHT - 1} fill="none" stroke={colour} />
      <rect
        x={futureX}
        y={y - 0.5}
        width={plot.x + plot.width - futureX}
        height={HEIGHT + 1}
        fill="var(--qd-canvas)"
        opacity={0.58}
      />
    </g>
  );
}
