import type { BurnDownSeries, SloDetail } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useKey } from '../../../lib/keys.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import type { Zone } from '../../../lib/zone.ts';
import { PlotFrame, type LegendItem } from '../../../ui/plot-frame.tsx';
import { budgetWhole, windowWords } from '../budget-words.ts';
import { burnDownSentence } from '../burn-sentence.ts';
import type { ReadingPlace } from '../chart/burn-down.tsx';
import { BurnFrame } from '../chart/burn-frame.tsx';
import { BurnTable } from '../chart/burn-table.tsx';
import { burnDownModel, type BurnDownModel } from '../chart/panel-model.ts';
import { readingOf } from '../chart/reading.ts';
import type { TimeRange } from '../chart/series.ts';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import type { SloUnit } from '../unit-words.ts';
import type { WindowChoice } from '../window-words.ts';
import { stretchesOf } from './cause/stretches.ts';
import { useCause } from './cause/use-cause.ts';
import { ReadingLine } from './reading-line.tsx';
import { StretchLine } from './stretch-line.tsx';
import { type SloPageQuery, troubleOf } from './use-slo-page.ts';
import { WindowSwitch } from './window-switch.tsx';

const BurnDown = lazy(() => import('../chart/burn-down.tsx').then((m) => ({ default: m.BurnDown })));

export interface BudgetHeroProps {
  slo: SloDetail;
  page: SloPageQuery;
  choices: readonly WindowChoice[];
  /** The window that is shown. */
  choice: WindowChoice;
  onChoice(key: string | null): void;
}

/** The burn-down with its title, readout, legend, the switch of views and the same as a table. */
export function BudgetHero({ slo, page, choices, choice, onChoice }: BudgetHeroProps) {
  const { zone } = useTimeZone();
  const [tableParam, setTable] = useUrlParam('table');
  const [reading, setReading] = useState<ReadingPlace | null>(null);
  const [stretch, setStretch] = useState<TimeRange | null>(null);
  const mayExclude = useCan()('slo:exclude', slo.platformId);
  const tableShown = tableParam === 'burn-down';
  const showTable = (shown: boolean) => setTable(shown ? 'burn-down' : null);
  useKey('.', 'Show the chart as a table', () => showTable(!tableShown));
  const { series, budget } = pictured(page, choices, choice);
  const model = useMemo(
    () => (series === undefined ? null : burnDownModel(series, slo, { zone, budget })),
    [series, slo, zone, budget],
  );
  const { chosen, toCause } = useCause();
  const { makesRoom, makeRoom } = useRoom(chosen !== null);
  const stretches = useMemo(() => stretchesOf(chosen, slo, series), [chosen, slo, series]);
  const { windowMs } = budget.window;
  const { budgetMs } = budget;
  const words = `Reading ${windowWords(windowMs)} of ${slo.name.toLowerCase()}…`;
  return (
    <PlotFrame
      className="mt-[22px]"
      title="Budget left"
      note={<span className="phone:hidden">percent of {budgetWhole(budgetMs)}</span>}
      summary={burnDownSentence(slo, budget)}
      legend={legendOf(model)}
      actions={<WindowSwitch choices={choices} choice={choice} onChoice={onChoice} />}
      readout={
        model === null ? (
          ''
        ) : stretch === null ? (
          <ReadingLine reading={wordsAt(model, reading, { zone, budgetMs, unit: slo.unit })} mayChoose={mayExclude} />
        ) : (
          <StretchLine slo={slo.id} stretch={stretch} zone={zone} nowMs={slo.asOf} onClear={() => setStretch(null)} />
        )
      }
      tableShown={tableShown && model !== null}
      onTableShown={showTable}
      table={model === null ? null : <BurnTable model={model} budgetMs={budgetMs} zone={zone} />}
    >
      {model === null ? (
        <Unread page={page} words={words} units={windowMs / DAY_MS} />
      ) : (
        // Room for the drawer, where it would lie over the very stretch it is about.
        <div className={makesRoom ? 'mr-[468px]' : undefined}>
          <Suspense fallback={<BurnFrame words={words} />}>
            <BurnDown
              model={model}
              policy={slo.policy}
              budgetMs={budgetMs}
              unit={slo.unit}
              zone={zone}
              reading={reading}
              onReading={setReading}
              choosing={mayExclude ? { stretch, onStretch: setStretch } : null}
              causes={{ chosen, toCause, stretches, onCovered: makeRoom }}
            />
          </Suspense>
        </div>
      )}
    </PlotFrame>
  );
}

/** Room beside the plot, made once and kept until no cause is open: what is read must not move to and fro. */
function useRoom(isOpen: boolean) {
  const [made, setMade] = useState(false);
  if (made && !isOpen) setMade(false);
  const makeRoom = useCallback(() => setMade(true), []);
  return { makesRoom: made && isOpen, makeRoom };
}

/** While another window is being read the picture is still that of the last one, and so are its figures. */
function pictured(page: SloPageQuery, choices: readonly WindowChoice[], choice: WindowChoice) {
  const data = page.data?.burnDown;
  const owner = data === undefined ? undefined : choices.find((one) => isOf(data, one));
  return { series: page.isPlaceholderData && owner === undefined ? undefined : data, budget: (owner ?? choice).budget };
}

/** Whether a series belongs to a choice of the switch. */
function isOf({ view, window }: BurnDownSeries, { budget }: WindowChoice): boolean {
  const shown = budget.window;
  return view === shown.view && window.windowMs === shown.windowMs && window.calendar?.unit === shown.calendar?.unit;
}

function Unread({ page, words, units }: { page: SloPageQuery; words: string; units: number }) {
  if (page.error === null) return <BurnFrame words={words} units={Math.max(1, Math.round(units))} />;
  return <QueryTrouble what="The burn-down" {...troubleOf(page)} />;
}

function wordsAt(
  model: BurnDownModel,
  place: ReadingPlace | null,
  context: { zone: Zone; budgetMs: number; unit: SloUnit },
) {
  const panel = place?.panel === 'lens' ? model.lens : model.window;
  const point = place === null ? undefined : panel?.points[place.index];
  if (place === null || point === undefined) return null;
  return readingOf(point, { ...context, nowMs: model.series.asOf, kind: place.panel, bands: panel?.bands ?? [] });
}

function legendOf(model: BurnDownModel | null): LegendItem[] {
  const items: LegendItem[] = [{ label: 'actual', color: 'var(--qd-water-line)' }];
  if (model === null || model.series.ideal !== null) {
    items.push({ label: 'ideal, 1× burn', color: 'var(--qd-ink-2)', line: 'dashed' });
  }
  if (model !== null && model.series.forecast !== null) {
    const colours = { water: 'var(--qd-water-line)', warn: 'var(--qd-warn)', crit: 'var(--qd-crit-fill)' };
    items.push({ label: 'forecast', color: colours[model.tone], line: 'dotted' });
  }
  return items;
}
