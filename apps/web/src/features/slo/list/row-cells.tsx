import { Link } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { cx } from '../../../ui/class-names.ts';
import { Gauge } from '../../../ui/gauge.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { rowLinkClass } from '../../../ui/link.tsx';
import { Sparkline } from '../../../ui/sparkline.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { toneText } from '../../../ui/tone.ts';
import { burnDownSentence } from '../burn-sentence.ts';
import type { SloRow } from './row-view.ts';

interface CellProps {
  row: SloRow;
}

/** The objective as a real link, what it counts, and why its figures are old. */
export function ObjectiveCell({ row }: CellProps) {
  const { slo, showDemo } = row;
  const to = useTo();
  return (
    <div className="min-w-0">
      <span className="flex items-center gap-2">
        <Link to={to(paths.slo(slo.id))} className={rowLinkClass}>
          {slo.name}
        </Link>
        {showDemo && <Tag>Demo</Tag>}
      </span>
      {hasNotes(row) ? (
        // In place of the description: a row must not grow under the pointer when its alert fires.
        <div className="flex min-w-0 gap-3 overflow-hidden whitespace-nowrap" title={slo.description}>
          <RowNotes row={row} />
        </div>
      ) : (
        <div className="truncate text-small text-ink-3" title={slo.description}>
          {slo.description}
        </div>
      )}
    </div>
  );
}

function hasNotes({ slo, view }: SloRow): boolean {
  return view.alert !== null || slo.inMaintenance || view.note !== null;
}

/** Under the name: the alert that speaks, excluded time in force, and why figures are old. */
export function RowNotes({ row: { slo, view } }: CellProps) {
  const { alert, note } = view;
  return (
    <>
      {alert !== null && (
        <div className={cx('flex items-center gap-1.5 text-small', toneText[alert.look.tone])}>
          <Icon name="bell" size={12} />
          <span>{alert.text}</span>
        </div>
      )}
      {slo.inMaintenance && (
        <div className="flex items-center gap-1.5 text-small text-info">
          <Glyph name="planned" size={11} />
          <span>In maintenance</span>
        </div>
      )}
      {note !== null && <div className={cx('text-small', toneText[note.tone])}>{note.text}</div>}
    </>
  );
}

export function SoFarCell({ row: { view } }: CellProps) {
  const quiet = view.stale || view.soFar === 'unknown';
  return <span className={quiet ? 'text-stale' : undefined}>{view.soFar}</span>;
}

export function BudgetCell({ row }: CellProps) {
  return (
    <div className="w-[138px] pt-1 wide:w-[220px]">
      <BudgetGauge row={row} />
      <div className={cx('mt-[3px] text-small whitespace-nowrap', row.view.stale ? 'text-stale' : 'text-ink-3')}>
        {row.view.under}
      </div>
    </div>
  );
}

/** The budget as a gauge with the marks of its policy; grey when old, dashed when not known. */
export function BudgetGauge({ row: { slo, view } }: CellProps) {
  const ideal = slo.budget.idealLeftRatio;
  return (
    <Gauge
      label={`Error budget left, ${slo.name}`}
      valueRatio={view.leftRatio}
      tone={view.stale ? 'water' : view.leftTone}
      marks={[slo.policy.freezeRatio, slo.policy.cautionRatio]}
      {...(ideal === null || view.leftRatio === null ? {} : { idealRatio: ideal })}
      {...(view.leftRatio === null ? { valueText: view.under } : {})}
      {...(view.stale ? { className: '[&_.qd-gauge-fill]:bg-stale-fill' } : {})}
    />
  );
}

const leftColours = { water: 'text-ink', warn: 'text-warn', crit: 'text-crit' } as const;

export function LeftCell({ row: { view } }: CellProps) {
  const colour = view.stale || view.leftRatio === null ? 'text-stale' : leftColours[view.leftTone];
  return <b className={colour}>{view.left}</b>;
}

export function SparkCell({ row: { slo, view, nowMs } }: CellProps) {
  const { window } = slo.budget;
  const isUnknown = view.leftRatio === null;
  const hotFrom = slo.spark.at.at(-2);
  const isHot = !view.stale && view.leftTone !== 'water';
  return (
    <Sparkline
      atMs={isUnknown ? [] : slo.spark.at}
      values={isUnknown ? [] : slo.spark.leftRatio}
      startMs={window.startAt}
      endMs={window.endAt}
      nowMs={nowMs}
      // A rolling window has no course it should be on.
      ideal={window.view === 'window'}
      summary={burnDownSentence(slo)}
      emptyText={view.noLine}
      className={cx('wide:w-[280px]!', view.stale && '[&_svg]:grayscale')}
      {...(isHot && hotFrom !== undefined ? { tone: view.leftTone, tailFromMs: hotFrom } : {})}
    />
  );
}

export function BurnCell({ row: { view } }: CellProps) {
  return <span className={view.burn === '' ? 'text-stale' : undefined}>{view.burn}</span>;
}
