import type { PlatformLane, SloSummary } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { formatClock } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { dayOf } from '../../lib/zone.ts';
import { Call, CallPart } from '../../ui/call.tsx';
import { useSources } from '../shell/source-lights.tsx';
import { FailedPage } from '../states/failed-page.tsx';
import { overviewCall } from './call-sentence.ts';
import { nextOnClock } from './clock-list.ts';
import { FirstRun } from './first-run.tsx';
import { Lanes } from './lanes.tsx';
import { NeedsList } from './needs-list.tsx';
import { listNeeds } from './needs.ts';
import { NextList } from './next-list.tsx';
import { OverviewDatum } from './overview-datum.tsx';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { StandingList } from './standing-list.tsx';
import { useKeyNeeds } from './use-key-needs.ts';
import { judgeAll } from './verdict.ts';

/** Figures older than this are no longer spoken of in the present tense. */
const HELD_AFTER_MS = 5 * 60_000;
/** Platform on which the console watches itself. */
const OWN_PLATFORM = 'quarterdeck';

/** Figures stay while the same platforms are read for another day; those of other platforms do not. */
function ofSamePlatform(platform: string | null) {
  return <T,>(before: T | undefined, query: { queryKey: readonly unknown[] } | undefined): T | undefined => {
    const asked = query?.queryKey[1] as { input?: { platform?: string } } | undefined;
    return (asked?.input?.platform ?? null) === platform ? before : undefined;
  };
}

/** Is anything wrong, and where? One sentence, one lane per platform, what to do, what comes next. */
export function OverviewPage() {
  const trpc = useTRPC();
  const now = useNow(60_000);
  const { zone } = useTimeZone();
  const [platform] = usePlatformScope();
  const input = platform === null ? {} : { platform };
  // The server draws the UTC day by itself, and can then give everyone the same answer.
  const day = zone.mode === 'utc' ? {} : { dayStartAt: dayOf(now, zone).startAt };
  const lanes = useQuery(
    trpc.slo.lanes.queryOptions({ ...input, ...day }, { placeholderData: ofSamePlatform(platform) }),
  );
  const slos = useQuery(trpc.slo.list.queryOptions(input));
  const error = lanes.error ?? slos.error;

  if (lanes.data === undefined || slos.data === undefined) {
    if (!error) return <OverviewSkeleton />;
    return (
      <FailedPage
        what="The Overview"
        failure={describeError(error)}
        onRetry={() => void Promise.all([lanes.refetch(), slos.refetch()])}
      />
    );
  }
  return (
    <OverviewContent lanes={lanes.data.lanes} slos={slos.data.rows} asOf={slos.data.asOf} failing={error !== null} />
  );
}

interface ContentProps {
  lanes: readonly PlatformLane[];
  slos: readonly SloSummary[];
  asOf: number;
  /** The last refresh failed: what is shown is kept from before. */
  failing: boolean;
}

function OverviewContent({ lanes, slos, asOf, failing }: ContentProps) {
  const can = useCan();
  const now = useNow(1_000);
  const { zone } = useTimeZone();
  const { data: health } = useSources();
  const isHeld = failing || now - asOf > HELD_AFTER_MS;
  const heldAt = isHeld ? formatClock(asOf, zone) : null;
  const verdicts = judgeAll(
    lanes.map((lane) => ({ id: lane.platformId, name: lane.platformName, marks: lane.marks })),
    slos,
  );
  const mayAct = can('health:read');
  const due = useKeyNeeds();
  const needs = mayAct ? listNeeds({ slos, lanes, sources: health?.sources ?? [], ...due, now, zone }) : [];
  const isFresh = lanes.every((lane) => lane.platformId === OWN_PLATFORM);

  if (lanes.length === 0) {
    return (
      <>
        <Call>No platform is watched yet.</Call>
        <FirstRun />
      </>
    );
  }
  return (
    <>
      <Call>
        {overviewCall(verdicts, heldAt).map((clause) => (
          <CallPart key={clause.text} tone={clause.tone}>
            {clause.text}{' '}
          </CallPart>
        ))}
      </Call>
      <OverviewDatum asOf={asOf} now={now} zone={zone} isHeld={isHeld} slos={slos} lanes={lanes} />
      <Lanes lanes={lanes} slos={slos} verdicts={verdicts} now={now} zone={zone} heldAt={heldAt} />
      <div className="cols mt-8">
        {mayAct ? <NeedsList needs={needs} /> : <StandingList slos={slos} />}
        <NextList entries={nextOnClock(slos, now)} now={now} zone={zone} />
      </div>
      {isFresh && <FirstRun />}
    </>
  );
}
