import { type KeyboardEvent, type PointerEvent } from 'react';
import { drawnPercent, nearestIndex, type ChartPoint, type TimeRange } from './series.ts';
import { between, useStretch } from './use-stretch.ts';

export interface CrosshairProps {
  /** What is read here, for those who do not see the plot. */
  label: string;
  points: readonly ChartPoint[];
  range: TimeRange;
  /** Lowest and highest percent of the plot. */
  domain: readonly [number, number];
  /** Which point is read, or null. */
  index: number | null;
  onIndex(index: number | null): void;
  /** Words of the point that is read. */
  text: string;
  /** The stretch that is chosen, and where a new choice goes; null where none can be chosen. */
  choosing: Choosing | null;
}

export interface Choosing {
  stretch: TimeRange | null;
  onStretch(stretch: TimeRange | null): void;
}

const nowhere = () => undefined;

const BIG_STEP = 10;

/** Lies exactly over the plot: pointer and arrow keys read a point, one magenta line shows which; dragging chooses a stretch. */
export function Crosshair(props: CrosshairProps) {
  const { label, points, range, domain, index, onIndex, text, choosing } = props;
  const last = points.length - 1;
  const point = index === null ? undefined : points[Math.min(index, last)];

  const stretch = choosing?.stretch ?? null;
  const chooser = useStretch({
    range,
    readAt: point?.at ?? null,
    stretch,
    onStretch: choosing?.onStretch ?? nowhere,
  });
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (choosing !== null) chooser.onPointerMove(event);
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width === 0 || last < 0) return;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    onIndex(nearestIndex(points, range.startAt + share * (range.endAt - range.startAt)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (choosing !== null && chooser.onKeyDown(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const next = nextIndex(event, index, last);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onIndex(next);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={index ?? Math.max(0, last)}
      aria-valuetext={text}
      className="absolute inset-0 cursor-crosshair touch-pan-y select-none"
      onPointerMove={onPointerMove}
      onPointerDown={(event) => {
        if (choosing !== null) chooser.onPointerDown(event);
        onPointerMove(event);
      }}
      onPointerUp={chooser.onPointerUp}
      onPointerLeave={() => {
        chooser.onPointerUp();
        onIndex(null);
      }}
      onBlur={() => onIndex(null)}
      onKeyDown={onKeyDown}
    >
      {stretch !== null && <Shade stretch={stretch} range={range} />}
      {chooser.from !== null && point !== undefined && (
        <Shade stretch={between(chooser.from, point.at)} range={range} />
      )}
      {point !== undefined && <Cross point={point} range={range} domain={domain} />}
    </div>
  );
}

/** The magenta line through a point, and a dot where it is drawn; nothing for a point beyond the plot. */
function Cross({ point, range, domain }: { point: ChartPoint } & Pick<CrosshairProps, 'range' | 'domain'>) {
  if (point.at < range.startAt || point.at > range.endAt) return null;
  const percent = drawnPercent(point) ?? point.forecast;
  return (
    <i
      className="absolute inset-y-0 w-0 border-l border-overprint-line"
      style={{ left: `${((point.at - range.startAt) / (range.endAt - range.startAt)) * 100}%` }}
    >
      {percent !== null && (
        <i
          className="absolute -left-[5px] size-[9px] -translate-y-1/2 rounded-full border-2 border-surface bg-overprint-line"
          style={{ top: `${(1 - (clamp(percent, domain) - domain[0]) / (domain[1] - domain[0])) * 100}%` }}
        />
      )}
    </i>
  );
}

/** The chosen stretch, clipped to the plot. */
function Shade({ stretch, range }: { stretch: TimeRange; range: TimeRange }) {
  const span = range.endAt - range.startAt;
  const from = Math.max(0, (stretch.startAt - range.startAt) / span);
  const to = Math.min(1, (stretch.endAt - range.startAt) / span);
  if (to <= from) return null;
  return (
    <i
      className="absolute inset-y-0 border-x border-overprint-line bg-overprint-line/15"
      style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
    />
  );
}

function clamp(percent: number, domain: readonly [number, number]): number {
  return Math.min(domain[1], Math.max(domain[0], percent));
}

/** The point a key leads to; null ends reading, undefined is not our key. */
function nextIndex(event: KeyboardEvent, index: number | null, last: number): number | null | undefined {
  if (last < 0 || event.metaKey || event.ctrlKey || event.altKey) return undefined;
  const step = event.shiftKey ? BIG_STEP : 1;
  const moves: Readonly<Record<string, number | null>> = {
    ArrowLeft: index === null ? last : Math.max(0, index - step),
    ArrowRight: index === null ? 0 : Math.min(last, index + step),
    Home: 0,
    End: last,
    Escape: null,
  };
  if (event.key === 'Escape' && index === null) return undefined;
  return moves[event.key];
}
