import { useNow } from '../../../lib/clock.ts';
import { textWidth } from './labels.ts';
import { usePlane } from './use-plane.ts';

export interface NowLayerProps {
  startAt: number;
  endAt: number;
  /** What the flag says for an instant. */
  textOf(nowMs: number): string;
}

/** The magenta line through now with its flag. It follows the clock by itself, so that nothing else is drawn again. */
export function NowLayer({ startAt, endAt, textOf }: NowLayerProps) {
  const now = useNow();
  const plane = usePlane();
  if (plane === null || now < startAt) return null;
  const { plot } = plane;
  const x = Math.min(plane.x(Math.min(now, endAt)), plot.x + plot.width);
  const text = textOf(now);
  const width = textWidth(text) * 1.1 + 10;
  const flipped = x + width > plot.x + plot.width;
  const left = flipped ? x - width + 1 : x - 1;
  return (
    <g aria-hidden="true">
      <path d={`M${x} ${plot.y}V${plot.y + plot.height}`} stroke="var(--qd-overprint-line)" strokeWidth={2} />
      <rect x={left} y={plot.y} width={width} height={15} fill="var(--qd-overprint)" />
      <text
        x={left + width / 2}
        y={plot.y + 11}
        textAnchor="middle"
        fontSize={11}
        fontWeight={600}
        fill="var(--qd-on-overprint)"
      >
        {text}
      </text>
    </g>
  );
}
