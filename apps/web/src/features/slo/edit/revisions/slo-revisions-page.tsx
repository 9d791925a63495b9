import type { SloRevision } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { useNow } from '../../../../lib/clock.ts';
import { paths } from '../../../../lib/paths.ts';
import { useTimeZone } from '../../../../lib/time-zone.ts';
import { useTRPC } from '../../../../lib/trpc.ts';
import { useTo, useUrlParams } from '../../../../lib/url-state.ts';
import { Call, DatumLine } from '../../../../ui/call.tsx';
import { linkClass } from '../../../../ui/link.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../../ui/skeleton.tsx';
import { QueryTrouble } from '../../slo-query-trouble.tsx';
import { Comparison } from './comparison.tsx';
import { RevisionList } from './revision-list.tsx';
import { comparedRevisions, revisionsCall } from './revision-words.ts';

/** Everything an objective ever said: who changed it, when, why, and what exactly. */
export function SloRevisionsPage() {
  const { id = '' } = useParams();
  const trpc = useTRPC();
  const revisions = useQuery(trpc.slo.definitions.revisions.queryOptions({ id }));
  // Its name and platform stand in the head of the page.
  useQuery(trpc.slo.get.queryOptions({ id }));
  const sources = useQuery(trpc.slo.definitions.sources.queryOptions({}, { retry: false }));
  if (revisions.data === undefined) {
    if (revisions.error === null) return <Loading />;
    return (
      <QueryTrouble
        what="The revisions"
        pageTitle="Revisions"
        error={revisions.error}
        retrying={revisions.isFetching}
        onRetry={() => void revisions.refetch()}
      />
    );
  }
  // Without the right to define objectives the names of sources stay unknown; their ids stand in.
  const nameOf = (sourceId: string) => sources.data?.find((one) => one.id === sourceId)?.name ?? sourceId;
  return <Revisions id={id} revisions={revisions.data} nameOf={nameOf} />;
}

function Loading() {
  return (
    <Delayed words="Reading the revisions…">
      <CallSkeleton />
      <div className="mt-6">
        <SkeletonRows rows={4} />
      </div>
    </Delayed>
  );
}

interface RevisionsProps {
  id: string;
  revisions: readonly SloRevision[];
  nameOf(sourceId: string): string;
}

function Revisions({ id, revisions, nameOf }: RevisionsProps) {
  const to = useTo();
  const { zone } = useTimeZone();
  const nowMs = useNow(30_000);
  const [chosen, setChosen] = useUrlParams(['from', 'to'] as const);
  const { before, after } = comparedRevisions(revisions, chosen);
  const [newest] = revisions;
  return (
    <>
      <Call>{revisionsCall(revisions)}</Call>
      <DatumLine
        items={[
          {
            key: 'slo',
            content: (
              <Link to={to(paths.slo(id))} className={linkClass}>
                Back to {newest?.definition.name ?? 'the SLO'}
              </Link>
            ),
          },
        ]}
      />
      <div className="cols mt-5">
        <div className="desk:col-span-5">
          <RevisionList
            slo={id}
            revisions={revisions}
            now={{ zone, nowMs }}
            compared={{ before: before?.revision, after: after?.revision }}
            onCompare={(change) => setChosen(change)}
          />
        </div>
        <div className="desk:col-span-7">
          <Comparison slo={id} before={before} after={after} nameOf={nameOf} />
        </div>
      </div>
    </>
  );
}
