import type { SloDetail } from '@qd/shared/slo';
import { useParams } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { isStale } from '../../../lib/slo-words.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { CallSkeleton, Delayed, Skeleton, SkeletonRows } from '../../../ui/skeleton.tsx';
import { ActiveAlerts } from '../alerts/active-alerts.tsx';
import { AlertHistory } from '../alerts/alert-history.tsx';
import { BurnFrame } from '../chart/burn-frame.tsx';
import { SloActions } from '../edit/slo-actions.tsx';
import { ExclusionNote } from '../exclusions/exclusion-note.tsx';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import { choiceOf, pageInput, windowChoices, type WindowChoice } from '../window-words.ts';
import { allowedPercent } from './allowed.ts';
import { BudgetHero } from './budget-hero.tsx';
import { BurnRateTable } from './burn-rate-table.tsx';
import { Cause } from './cause/cause.tsx';
import { detailDatum } from './detail-datum.tsx';
import { forecastWords } from './forecast-words.ts';
import { LinkedMarks } from './linked-marks.tsx';
import { MeasurementPart } from './measurement.tsx';
import { PolicyCard } from './policy-card.tsx';
import { sloCall } from './slo-call.ts';
import { Spend } from './spend.tsx';
import { troubleOf, useSloPage } from './use-slo-page.ts';
import { WindowsCompare } from './windows-compare.tsx';

/** One objective: may we ship, and what spent the budget? */
export function SloPage() {
  const { id = '' } = useParams();
  const { zone } = useTimeZone();
  const [view, setView] = useUrlParam('view');
  const { slo, page } = useSloPage(id, view);
  const choices = slo === undefined ? [] : windowChoices(slo, { zone, nowMs: slo.asOf });
  const choice = choiceOf(choices, view);
  if (slo === undefined || choice === undefined) {
    if (page.error === null) return <DetailLoading />;
    return <QueryTrouble what="This SLO" pageTitle="SLO" {...troubleOf(page)} />;
  }
  return (
    <>
      <Head slo={slo} choice={choice} />
      <BudgetHero slo={slo} page={page} choices={choices} choice={choice} onChoice={setView} />
      <Below slo={slo} />
      <Cause slo={slo} series={page.data?.burnDown} />
    </>
  );
}

const headGrid = 'grid grid-cols-[minmax(0,1fr)_268px] items-start gap-8 phone:grid-cols-1 phone:gap-3.5';

function Head({ slo, choice }: { slo: SloDetail; choice: WindowChoice }) {
  const nowMs = useNow();
  const { zone } = useTimeZone();
  const call = sloCall(slo, choice.budget, { nowMs, zone });
  const forecast = forecastWords(slo, { nowMs: slo.asOf, zone });
  return (
    <div className={headGrid}>
      <div>
        <Call>
          <CallPart tone={call.tone}>{call.lead}</CallPart> {call.rest}
        </Call>
        {forecast !== null && <p className="mt-1.5 text-lead text-ink-2">{forecast}</p>}
        <div className="flex items-start gap-2">
          <DatumLine items={detailDatum(slo, nowMs, zone)} />
          <div className="ml-auto flex-none">
            <SloActions slo={slo} drawn={{ ask: pageInput(slo.id, choice.key), budgetMs: choice.budget.budgetMs }} />
          </div>
        </div>
        <ExclusionNote slo={slo} nowMs={nowMs} zone={zone} />
      </div>
      <PolicyCard slo={slo} zone={zone} nowMs={nowMs} />
    </div>
  );
}

/** Everything under the plot. It changes with the data, not with the clock. */
function Below({ slo }: { slo: SloDetail }) {
  const { zone } = useTimeZone();
  const at = { zone, nowMs: slo.asOf };
  return (
    <div className="cols mt-[30px]">
      <div className="desk:col-span-5">
        <BurnRateTable
          slo={slo.id}
          rows={slo.burnRows}
          allowedPercent={allowedPercent(slo.targetPercent)}
          stale={isStale(slo)}
          unit={slo.unit}
        >
          <ActiveAlerts slo={slo} {...at} />
        </BurnRateTable>
      </div>
      <div className="desk:col-span-7">
        <Spend slo={slo} {...at} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8 desk:col-span-7 phone:gap-[26px]">
        <MeasurementPart slo={slo} {...at} />
        <LinkedMarks marks={slo.marks} {...at} />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-8 desk:col-span-5 phone:gap-[26px]">
        <WindowsCompare slo={slo} {...at} />
        <AlertHistory slo={slo.id} {...at} />
      </div>
    </div>
  );
}

function DetailLoading() {
  return (
    <Delayed words="Reading this SLO…">
      <div className={headGrid}>
        <CallSkeleton />
        <div className="h-[104px] rounded-1 border border-line" />
      </div>
      <div className="mt-[22px]">
        <div className="mb-2 flex h-[30px] items-center">
          <Skeleton width="180px" height="14px" />
        </div>
        <div className="mb-1 h-4" />
        <BurnFrame words="" />
      </div>
      <div className="cols mt-[30px]">
        <div className="desk:col-span-5">
          <SkeletonRows rows={4} widths={['40%', '40%']} />
        </div>
        <div className="desk:col-span-7">
          <SkeletonRows rows={4} />
        </div>
      </div>
    </Delayed>
  );
}
