import { ZIndexLayer } from 'recharts';
import type { Annotations, PlacedText } from './annotations.ts';
import type { PlacedFlag } from './flags.ts';
import { panelAnnotations, type AnnotatedPanel } from './panel-annotations.ts';
import { usePlane } from './use-plane.ts';

export type AnnotationLayerProps = AnnotatedPanel & { tone: 'water' | 'warn' | 'crit' };

const OVER_LINES = 700;
const endColours = { water: 'fill-ink', warn: 'fill-warn', crit: 'fill-crit' } as const;

/** Deploys as flags, incidents as diamonds on the line, alerts along the foot, their texts, and the words at its end. */
export function AnnotationLayer({ tone, ...annotated }: AnnotationLayerProps) {
  const plane = usePlane();
  if (plane === null) return null;
  const { plot } = plane;
  const placed = panelAnnotations(annotated, plane);
  return (
    <ZIndexLayer zIndex={OVER_LINES}>
      <g aria-hidden="true">
        {placed.flags.map((wish) => (
          <Flag key={wish.id} flag={wish} top={plot.y} bottom={plot.y + plot.height} />
        ))}
        {placed.texts.map((text) => (
          <Text key={text.id} text={text} />
        ))}
        {placed.diamonds.map((dot) => (
          <path
            key={dot.id}
            d={`M${dot.x} ${dot.y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5Z`}
            fill="var(--qd-surface)"
            stroke="var(--qd-ink)"
            strokeWidth={2}
          />
        ))}
        {placed.alerts.map((alert) => (
          <path
            key={alert.id}
            d={`M${alert.x} ${alert.y - 5}l5 9h-10Z`}
            fill="var(--qd-warn-fill)"
            stroke="var(--qd-warn)"
            strokeWidth={1.1}
            strokeLinejoin="round"
          />
        ))}
        <EndText end={placed.end} className={endColours[tone]} />
      </g>
    </ZIndexLayer>
  );
}

function Flag({ flag, top, bottom }: { flag: PlacedFlag; top: number; bottom: number }) {
  const { x, text, side } = flag;
  const named = text !== null;
  return (
    <g>
      <path
        d={`M${x} ${named ? top + 18 : bottom - 8}V${bottom}`}
        stroke="var(--qd-ink-3)"
        strokeDasharray={named ? '1 2.5' : undefined}
      />
      {named && (
        <>
          <path
            transform={`translate(${side === 'right' ? x - 2 : x - 10} ${top + 5})`}
            d="M3 11V1.4M3 1.6h6.4L7.4 4.2l2 2.6H3"
            fill="var(--qd-ink-2)"
            stroke="var(--qd-ink-2)"
            strokeWidth={1.2}
            strokeLinejoin="round"
          />
          <text
            x={side === 'right' ? x + 11 : x - 12}
            y={top + 15}
            textAnchor={side === 'right' ? 'start' : 'end'}
            className="fill-ink-2 text-micro font-strong [font-stretch:90%]"
          >
            {text}
          </text>
        </>
      )}
    </g>
  );
}

function Text({ text }: { text: PlacedText }) {
  return (
    <g>
      <rect x={text.x} y={text.y} width={text.width} height={text.height} fill="var(--qd-surface)" opacity={0.86} />
      <text x={text.x + 3} y={text.y + text.height - 3.5} className="fill-ink-2 text-micro [font-stretch:90%]">
        {text.text}
      </text>
    </g>
  );
}

function EndText({ end, className }: { end: Annotations['end']; className: string }) {
  if (end === null) return null;
  return (
    <g className={className}>
      <rect x={end.x} y={end.y} width={end.width} height={end.height} fill="var(--qd-surface)" opacity={0.6} />
      <text x={end.x + 4} y={end.y + 13} className="text-body font-semibold [font-stretch:90%]">
        {end.lead}
      </text>
      {end.second !== null && (
        <text x={end.x + 4} y={end.y + 28} className="text-micro [font-stretch:90%]">
          {end.second}
        </text>
      )}
    </g>
  );
}
