import type { SloSummary } from '@qd/shared/slo';
import type { ReactNode } from 'react';
import { budgetOf, windowLength } from '../../features/slo/budget-words.ts';
import {
  formatAge,
  formatClock,
  formatDay,
  formatDuration,
  formatPercent,
  formatTimes,
  formatWhen,
} from '../../lib/format.ts';
import { budgetTone, goneAt, isStale } from '../../lib/slo-words.ts';
import type { Zone } from '../../lib/zone.ts';
import { cx } from '../../ui/class-names.ts';
import { Gauge } from '../../ui/gauge.tsx';
import { toneText, type Tone } from '../../ui/tone.ts';
import { isPaging } from './verdict.ts';

interface FactProps {
  label: string;
  tone: Tone;
  value: ReactNode;
  note: string;
  /** Left out on the phone, where two facts fit. */
  minor?: boolean;
}

function Fact({ label, tone, value, note, minor = false }: FactProps) {
  return (
    // Only the words cover the line of now, not the whole column.
    <dl className={cx('min-w-0 [&>*]:w-fit [&>*]:max-w-full [&>*]:bg-canvas [&>*]:pr-1.5', minor && 'phone:hidden')}>
      <dt className="text-micro text-ink-3">{label}</dt>
      <dd className={cx('font-semibold whitespace-nowrap', toneText[tone])}>{value}</dd>
      <dd className="line-clamp-2 text-small text-ink-3" title={note}>
        {note}
      </dd>
    </dl>
  );
}

const dataTones = { water: 'none', warn: 'warn', crit: 'crit' } as const;

export interface LaneFactsProps {
  slo: SloSummary | null;
  now: number;
  zone: Zone;
  heldAt: string | null;
}

function BudgetFact({ slo, isOld }: { slo: SloSummary; isOld: boolean }) {
  const { leftRatio, leftMs, budgetMs, idealLeftRatio } = slo.budget;
  const tone = budgetTone(slo);
  return (
    <Fact
      label="Worst budget"
      tone={isOld || leftRatio === null ? 'stale' : dataTones[tone]}
      note={`${slo.name}${leftMs === null ? '' : `, ${budgetOf(leftMs, budgetMs)}`}`}
      value={
        <span className="flex items-center gap-2">
          <Gauge
            className={cx('w-[84px] flex-none', isOld && 'grayscale')}
            valueRatio={leftRatio}
            tone={tone}
            marks={[slo.policy.freezeRatio, slo.policy.cautionRatio]}
            idealRatio={idealLeftRatio ?? undefined}
            label={`Budget left, ${slo.name}`}
          />
          {leftRatio === null ? 'No data' : formatPercent(leftRatio)}
        </span>
      }
    />
  );
}

function burnFact(slo: SloSummary, isOld: boolean): FactProps {
  const firing = slo.burnRows.find((row) => row.state === 'firing');
  const tone: Tone = isOld || slo.burn1h === null ? 'stale' : isPaging(slo) ? 'crit' : firing ? 'warn' : 'none';
  const short = slo.burn5m === null ? 'last 5 min not known' : `last 5 min ${formatTimes(slo.burn5m)}`;
  return {
    label: 'Burn, last hour',
    tone,
    value: slo.burn1h === null ? 'Not known' : formatTimes(slo.burn1h),
    note: firing ? `limit ${formatTimes(firing.limit)}, ${short}` : short,
  };
}

function goneFact(slo: SloSummary, { now, zone, heldAt }: LaneFactsProps, isOld: boolean): FactProps {
  const { exhaustion, budget } = slo;
  const label = 'Budget gone';
  const { window } = budget;
  const closes =
    window.view === 'rolling'
      ? `over the last ${windowLength(window.windowMs)}`
      : `window closes ${formatDay(window.endAt, zone, now)}`;
  if (exhaustion.kind === 'already') {
    const note = exhaustion.since === null ? closes : `since ${formatWhen(exhaustion.since, zone, now)}`;
    return { label, tone: isOld ? 'stale' : 'crit', value: 'Overspent', note };
  }
  if (exhaustion.kind === 'unknown') return { label, tone: 'stale', value: 'Not known', note: closes };
  const goneMs = goneAt(slo);
  if (goneMs === null) {
    return { label, tone: isOld ? 'stale' : 'none', value: 'Not at this burn', note: closes };
  }
  const sameDay = formatDay(goneMs, zone, now) === formatDay(now, zone, now);
  const when = sameDay ? formatClock(goneMs, zone, { withZone: true }) : formatDay(goneMs, zone, now);
  if (isOld) return { label, tone: 'stale', value: when, note: `forecast of ${heldAt ?? 'old data'}` };
  const aheadMs = goneMs - now;
  return {
    label,
    tone: 'crit',
    value: aheadMs <= 0 ? 'Now' : `In ${formatDuration(aheadMs)}`,
    note: `${when}, at this burn`,
  };
}

function dataFact(slo: SloSummary, now: number): FactProps {
  const measured = `${formatPercent(slo.budget.coverageRatio)} of window measured`;
  if (slo.dataAt === null) return { label: 'Data', tone: 'stale', value: 'Never', note: slo.staleReason ?? measured };
  const tone: Tone = isStale(slo) ? 'stale' : slo.freshness === 'late' ? 'warn' : 'none';
  return {
    label: 'Data',
    tone,
    value: formatAge(Math.max(0, now - slo.dataAt)),
    note: slo.freshness === 'fresh' ? measured : (slo.staleReason ?? measured),
  };
}

/** Four facts of the objective with the least budget: what is left, how fast it goes, when it is gone, how old this is. */
export function LaneFacts(props: LaneFactsProps) {
  const { slo, now, heldAt } = props;
  if (slo === null) return null;
  const isOld = heldAt !== null || isStale(slo);
  return (
    <>
      <BudgetFact slo={slo} isOld={isOld} />
      <Fact {...burnFact(slo, isOld)} />
      <Fact {...goneFact(slo, props, isOld)} minor />
      <Fact {...dataFact(slo, now)} minor />
    </>
  );
}
