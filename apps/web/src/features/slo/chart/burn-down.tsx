import type { SloPolicy } from '@qd/shared/slo';
import { HOUR_MS } from '@qd/shared/time';
import { useCallback, useMemo } from 'react';
import { formatClock, formatDay, formatDecimal } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { budgetUnit } from '../budget-words.ts';
import type { SloUnit } from '../unit-words.ts';
import { windowName, zoneOf } from '../window-words.ts';
import { budgetTicks } from './axis.ts';
import { BurnPanel, type PlotCauses } from './burn-panel.tsx';
import type { Choosing } from './crosshair.tsx';
import { LensLink } from './lens-link.tsx';
import { MarkKey } from './mark-key.tsx';
import type { BurnDownModel, PanelModel } from './panel-model.ts';
import { Traffic } from './traffic.tsx';
import { useStacked } from './use-stacked.ts';

/** The point being read, and in which panel. */
export interface ReadingPlace {
  panel: PanelModel['kind'];
  index: number;
}

export interface BurnDownProps {
  model: BurnDownModel;
  policy: SloPolicy;
  budgetMs: number;
  unit: SloUnit;
  zone: Zone;
  reading: ReadingPlace | null;
  onReading(place: ReadingPlace | null): void;
  /** Lets a stretch of time be chosen; null for those who have no use for one. */
  choosing: Choosing | null;
  causes: PlotCauses;
}

/** The burn-down: the whole window, and beside it on the same scale the hour that matters now. */
export function BurnDown(props: BurnDownProps) {
  const { model, policy, budgetMs, unit, zone, reading, onReading, choosing, causes } = props;
  const stacked = useStacked();
  const { axis, series, tone, lens } = model;
  const { asOf, window } = series;
  const budgetAxis = useMemo(() => budgetMarks(policy, model, budgetMs), [policy, model, budgetMs]);
  const { calendar } = window;
  const dayText = useCallback(
    (at: number) =>
      // Days of a calendar begin by its own clock; a change of that clock must not turn a midnight into the day before.
      calendar === undefined ? formatDay(at, zone, asOf) : formatDay(at + 2 * HOUR_MS, zoneOf(calendar.timeZone), asOf),
    [calendar, zone, asOf],
  );
  const clockText = useCallback((at: number) => formatClock(at, zone), [zone]);
  const nowText = useCallback(() => 'Now', []);
  const nowClock = useCallback((at: number) => formatClock(at, zone, { seconds: true }), [zone]);
  const shared = { axis, policy, tone, asOf, stacked, choosing, causes };
  const indexOf = (kind: PanelModel['kind']) => (reading?.panel === kind ? reading.index : null);
  const read = (kind: PanelModel['kind']) => (index: number | null) =>
    onReading(index === null ? null : { panel: kind, index });
  const isShort = window.windowMs < 3 * 86_400_000;
  return (
    <div
      className={
        lens === null
          ? 'grid grid-cols-[minmax(0,1fr)]'
          : 'grid grid-cols-[32px_minmax(0,1.62fr)_26px_minmax(0,1fr)_52px] phone:grid-cols-[minmax(0,1fr)] phone:gap-y-3.5'
      }
    >
      <div className={lens === null ? 'relative' : 'relative col-[1/3] phone:col-1'}>
        <BurnPanel
          {...shared}
          panel={model.window}
          budgetAxis={lens === null && !stacked ? budgetAxis : null}
          tickText={isShort ? clockText : dayText}
          nowText={nowText}
          label={`Budget left, ${windowName(window, zone, asOf)}`}
          index={indexOf('window')}
          onIndex={read('window')}
          context={{ zone, nowMs: asOf, budgetMs, unit, kind: 'window', bands: model.window.bands }}
          className="h-[384px] wide:h-[466px] phone:h-[264px]"
        />
        {lens !== null && <LensLink lens={lens.range} window={window} />}
      </div>
      {lens !== null && (
        <BurnPanel
          {...shared}
          panel={lens}
          budgetAxis={stacked ? null : budgetAxis}
          tickText={clockText}
          nowText={nowClock}
          label={`Budget left, enlarged from ${clockText(lens.range.startAt)} to ${clockText(lens.range.endAt)}`}
          index={indexOf('lens')}
          onIndex={read('lens')}
          context={{ zone, nowMs: asOf, budgetMs, unit, kind: 'lens', bands: lens.bands }}
          className="col-[4/6] h-[384px] wide:h-[466px] phone:col-1 phone:h-[306px]"
        />
      )}
      <div className={lens === null ? 'pl-8' : 'col-2 phone:order-last phone:col-1 phone:pl-8'}>
        <MarkKey
          hasExcluded={model.window.bands.length > 0}
          hasAlerts={[...model.window.marks, ...(lens?.marks ?? [])].some(({ kind }) => kind === 'alert')}
        />
      </div>
      {lens !== null && (
        <div className="col-4 phone:col-1 phone:pl-8">
          <Traffic points={lens.points} range={lens.range} bands={lens.bands} unit={unit} />
        </div>
      )}
    </div>
  );
}

function budgetMarks(policy: SloPolicy, model: BurnDownModel, budgetMs: number): { percent: number; text: string }[] {
  const unit = budgetUnit(budgetMs);
  return budgetTicks(policy, model.axis).map((percent) => {
    const text = formatDecimal(((percent / 100) * budgetMs) / unit.ms, 1);
    return { percent, text: percent === 100 ? `${text} ${unit.name}` : text };
  });
}
