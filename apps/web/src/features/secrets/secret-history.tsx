import { useInfiniteQuery } from '@tanstack/react-query';
import { describeError } from '../../lib/errors.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { ExternalLink } from './external-link.tsx';

const PAGE_ROWS = 20;

/** Every rotation of a secret that was recorded, the latest first, with what shows it. */
export function SecretHistory({ id, nowMs }: { id: string; nowMs: number }) {
  const trpc = useTRPC();
  const { zone } = useTimeZone();
  const query = useInfiniteQuery(
    trpc.secrets.get.infiniteQueryOptions(
      { id, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.history.nextCursor ?? undefined },
    ),
  );
  const rows = query.data?.pages.flatMap((page) => page.history.rows);
  return (
    <section aria-labelledby="secret-history" className="mt-5">
      <h3 id="secret-history" className="mb-1 font-semibold">
        Rotations
      </h3>
      {query.error !== null && (
        <p role="alert" className="text-crit">
          {describeError(query.error).message}{' '}
          <Button size="s" pending={query.isFetching} onClick={() => void query.refetch()}>
            Try again
          </Button>
        </p>
      )}
      {rows === undefined && query.error === null && <p className="text-ink-3">Reading the rotations…</p>}
      {rows?.length === 0 && <p className="text-ink-3">No rotation is recorded yet.</p>}
      {rows !== undefined && rows.length > 0 && (
        <ol className="border-t border-ink">
          {rows.map((row) => (
            <li key={row.id} className="border-b border-line py-2 wrap-anywhere">
              <p className="font-semibold">{formatDateTime(row.rotatedAt, zone, nowMs)}</p>
              <p className="whitespace-pre-line">{row.evidence}</p>
              {row.evidenceUrl !== null && <ExternalLink href={row.evidenceUrl} />}
              <p className="text-small text-ink-3">
                Recorded {row.recordedBy === null ? '' : `by ${row.recordedBy}, `}
                {formatDateTime(row.recordedAt, zone, nowMs)}
              </p>
            </li>
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button
          size="s"
          className="mt-3"
          pending={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >{`Load ${PAGE_ROWS} older ones`}</Button>
      )}
    </section>
  );
}
