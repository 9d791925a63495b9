import { useMemo } from 'react';
import { cx } from '../../../ui/class-names.ts';
import { CauseShades, type PlotCause } from './cause-shades.tsx';
import { Crosshair, type Choosing } from './crosshair.tsx';
import { panelAnnotations, planeOf } from './panel-annotations.ts';
import { PanelChart, type PanelChartProps } from './panel-chart.tsx';
import { panelRoom, TOP_ROOM } from './panel-geometry.ts';
import { PlotLinks, type PlotLinksProps } from './plot-links.tsx';
import { plotTargets } from './plot-targets.ts';
import { readingOf, readingText, type ReadingContext } from './reading.ts';
import { useBoxSize } from './use-box-size.ts';

/** The cause that is chosen, and how others are. */
export type PlotCauses = PlotCause & Pick<PlotLinksProps, 'toCause'>;

export type BurnPanelProps = Omit<PanelChartProps, 'size' | 'room' | 'narrow'> & {
  stacked: boolean;
  /** Name of what is read here: "Budget left, 9 Sep to 9 Oct". */
  label: string;
  index: number | null;
  onIndex(index: number | null): void;
  context: ReadingContext;
  choosing: Choosing | null;
  causes: PlotCauses;
  className?: string;
};

/** Plots narrower than this have fewer ticks and texts. */
const NARROW_PX = { window: 420, lens: 300 } as const;

/** One panel: the chart, and exactly over its plot the surface that reads single points. */
export function BurnPanel(props: BurnPanelProps) {
  const { stacked, label, index, onIndex, context, choosing, causes, className, ...chart } = props;
  const { panel, axis, asOf, nowText } = chart;
  const [box, size] = useBoxSize<HTMLDivElement>();
  const hasBudgetAxis = chart.budgetAxis !== null;
  const room = useMemo(() => panelRoom(panel.kind, hasBudgetAxis, stacked), [panel.kind, hasBudgetAxis, stacked]);
  const narrow = size !== null && size.width - room.left - room.right < NARROW_PX[panel.kind];
  const targets = useMemo(() => {
    if (size === null) return [];
    const plane = planeOf(panel, axis.domain, size, room);
    return plotTargets(panel, panelAnnotations({ panel, asOf, narrow, nowText }, plane), plane);
  }, [panel, axis, size, room, asOf, narrow, nowText]);
  const last = panel.points.length - 1;
  // New data may have fewer points than the one that was read had.
  const point = panel.points[Math.min(index ?? last, last)];
  return (
    <div ref={box} className={cx('relative min-w-0 [&_.recharts-surface]:overflow-visible', className)}>
      {size !== null && <PanelChart {...chart} size={size} room={room} narrow={narrow} />}
      <div
        className="absolute inset-0"
        style={{ left: room.left, right: room.right, top: TOP_ROOM, bottom: room.bottom }}
      >
        <Crosshair
          label={label}
          points={panel.points}
          range={panel.range}
          domain={axis.domain}
          index={index}
          onIndex={onIndex}
          choosing={choosing}
          text={point === undefined ? 'nothing measured yet' : readingText(readingOf(point, context))}
        />
        <CauseShades {...causes} range={panel.range} />
      </div>
      <PlotLinks label={`Events in: ${label}`} targets={targets} toCause={causes.toCause} />
    </div>
  );
}
