import { textWidth } from './labels.ts';
import type { UnknownSpan } from './unknown.ts';
import { usePlane } from './use-plane.ts';

export interface NamedSpan extends UnknownSpan {
  /** Words written into the span when they fit. */
  text: string;
}

const LEAST_WIDTH = 2;

/** Time we cannot see: hatched with a dashed left edge, never bridged. A span too narrow to see is drawn 2 px wide. */
export function UnknownLayer({ spans, fill }: { spans: readonly NamedSpan[]; fill: string }) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot } = plane;
  const edge = plot.x + plot.width;
  return (
    <g aria-hidden="true">
      {spans.map((span) => {
        const from = Math.max(plot.x, plane.x(span.startAt));
        const to = Math.min(edge, Math.max(plane.x(span.endAt), from + LEAST_WIDTH));
        if (to <= plot.x || from >= edge) return null;
        const fits = to - from > textWidth(span.text) + 16;
        const wide = to - from > LEAST_WIDTH + 2;
        return (
          <g key={`${span.kind}-${span.startAt}`}>
            <rect
              x={from}
              y={plot.y}
              width={to - from}
              height={plot.height}
              fill={fill}
              opacity={span.kind === 'before' ? 0.6 : 1}
            />
            <path
              d={`M${from} ${plot.y}V${plot.y + plot.height}`}
              stroke="var(--qd-stale-fill)"
              strokeDasharray={wide ? '3 3' : '1 5'}
            />
            {fits && (
              <text
                x={(from + to) / 2}
                y={plot.y + 24}
                textAnchor="middle"
                className="fill-ink-2 text-micro [font-stretch:90%]"
              >
                {span.text}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
