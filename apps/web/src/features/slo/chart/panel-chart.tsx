import type { SloPolicy } from '@qd/shared/slo';
import { memo, useId } from 'react';
import { LineChart, XAxis, YAxis, ZIndexLayer } from 'recharts';
import { ZonePatterns, zoneFill } from '../../../ui/zones.tsx';
import { AnnotationLayer } from './annotation-layer.tsx';
import { BudgetTick, PercentTick, TimeTick } from './axis-ticks.tsx';
import type { PercentAxis } from './axis.ts';
import { ExcludedLayer } from './excluded-layer.tsx';
import { FrameLayer } from './frame-layer.tsx';
import { GridLayer } from './grid-layer.tsx';
import { NowLayer } from './now-layer.tsx';
import { TOP_ROOM, type PanelRoom } from './panel-geometry.ts';
import { EndDot, PanelLines } from './panel-lines.tsx';
import type { PanelModel } from './panel-model.ts';
import { RuleLayer } from './rule-layer.tsx';
import { UnknownLayer } from './unknown-layer.tsx';
import type { BoxSize } from './use-box-size.ts';
import { WaterLayer } from './water-layer.tsx';
import { ZoneLayer, ZoneNames } from './zone-layer.tsx';

export interface PanelChartProps {
  panel: PanelModel;
  axis: PercentAxis;
  policy: SloPolicy;
  /** Percent marks of the right axis, with their words; null without that axis. */
  budgetAxis: readonly { percent: number; text: string }[] | null;
  tone: 'water' | 'warn' | 'crit';
  asOf: number;
  size: BoxSize;
  room: PanelRoom;
  narrow: boolean;
  /** Words of a time tick and of the flag of now. */
  tickText(at: number): string;
  nowText(at: number): string;
}

/** One panel of the burn-down. It redraws only when its data, its size or the zone change. */
export const PanelChart = memo(function PanelChart(props: PanelChartProps) {
  const { panel, axis, policy, budgetAxis, tone, asOf, size, room, narrow, tickText, nowText } = props;
  const id = useId().replaceAll(':', '');
  const { range } = panel;
  const time = narrow ? panel.narrowTime : panel.time;
  const ruleTone = panel.kind === 'window' ? 'ink' : 'overprint';
  const axisLook = { axisLine: false, tickLine: false, interval: 0 } as const;
  return (
    <LineChart
      width={size.width}
      height={size.height}
      data={panel.points}
      margin={{ top: TOP_ROOM, right: budgetAxis === null ? room.right : 0, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      aria-hidden="true"
    >
      <ZonePatterns idPrefix={id} />
      <GridLayer ticks={axis.ticks} />
      <XAxis
        {...axisLook}
        dataKey="at"
        type="number"
        allowDataOverflow
        domain={[range.startAt, range.endAt]}
        ticks={time.ticks}
        height={room.bottom}
        tick={<TimeTick range={range} textOf={tickText} />}
      />
      <YAxis
        {...axisLook}
        domain={axis.domain}
        ticks={axis.ticks}
        width={room.left}
        tick={<PercentTick />}
        hide={room.left === 0}
      />
      {budgetAxis !== null && (
        <YAxis
          {...axisLook}
          yAxisId="budget"
          // Nothing is drawn on this axis: without it the scale would wait for data.
          allowDataOverflow
          orientation="right"
          domain={axis.domain}
          ticks={budgetAxis.map((mark) => mark.percent)}
          width={room.right}
          tick={<BudgetTick marks={budgetAxis} />}
        />
      )}
      <WaterLayer id={`${id}-water`} points={panel.points} cautionPercent={policy.cautionRatio * 100} />
      <ZoneLayer idPrefix={id} policy={policy} lowPercent={axis.domain[0]} />
      <ZIndexLayer zIndex={250}>
        <ExcludedLayer bands={panel.bands} fill={zoneFill(id, 'excluded')} />
        <UnknownLayer spans={panel.spans} fill={zoneFill(id, 'unknown')} />
        {panel.kind === 'window' && <ZoneNames policy={policy} nowAt={asOf} />}
        <FrameLayer tone={ruleTone} />
      </ZIndexLayer>
      <PanelLines hasIdeal={panel.kind === 'window'} tone={tone} />
      <ZIndexLayer zIndex={650}>
        <RuleLayer axis={time} startAt={range.startAt} endAt={range.endAt} nowAt={asOf} tone={ruleTone} />
        <NowLayer startAt={range.startAt} endAt={range.endAt} textOf={nowText} />
      </ZIndexLayer>
      <AnnotationLayer panel={panel} asOf={asOf} narrow={narrow} nowText={nowText} tone={tone} />
      <EndDot points={panel.points} tone={tone} />
    </LineChart>
  );
});
