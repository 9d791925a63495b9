import { usePlane } from './use-plane.ts';

/** The border of the plot; magenta around the enlarged hour. */
export function FrameLayer({ tone }: { tone: 'ink' | 'overprint' }) {
  const plane = usePlane();
  if (plane === null) return null;
  const { x, y, width, height } = plane.plot;
  return (
    <rect
      x={x + 0.5}
      y={y + 0.5}
      width={width - 1}
      height={height - 1}
      fill="none"
      stroke={tone === 'ink' ? 'var(--qd-line-strong)' : 'var(--qd-overprint-line)'}
    />
  );
}
