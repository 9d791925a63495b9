import type { LeakHitView, LeakReportView } from '@qd/shared/api-keys/ending';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { formatCount, formatWhen } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { ReleaseDialog } from '../ending/quarantine-dialog.tsx';
import { RevokeDialog } from '../ending/revoke-dialog.tsx';
import { RotateDialog } from '../rotation/rotate-dialog.tsx';
import { callsWords, foundWords, hitWords } from './leak-words.ts';

/** One search: where, when, by whom, and what became of each key. */
export function LeakReport({ report }: { report: LeakReportView }) {
  const { zone } = useTimeZone();
  const nowMs = useNow(30_000);
  const { place, reportedBy, reportedAt, leakedAt } = report;
  const [isWhole, setIsWhole] = useState(false);
  return (
    <article aria-label={place} className="border-b border-line py-3">
      <h3 className="font-semibold wrap-anywhere">{place}</h3>
      <p className="text-small text-ink-3">
        {foundWords(report)} {reportedBy ?? 'On the command line'}, {formatWhen(reportedAt, zone, nowMs)}
        {leakedAt !== null && `, there since ${formatWhen(leakedAt, zone, nowMs)}`}
      </p>
      <LeakHits hits={report.hits} isSinceLeak={leakedAt !== null} />
      {report.hitsCursor !== null &&
        (isWhole ? (
          <FurtherHits reportId={report.id} after={report.hitsCursor} isSinceLeak={leakedAt !== null} />
        ) : (
          <Button size="s" className="mt-2" onClick={() => setIsWhole(true)}>
            Show more of {formatCount(report.counts.found)} keys
          </Button>
        ))}
    </article>
  );
}

/** The keys after those that came with the report, page by page. */
function FurtherHits({ reportId, after, isSinceLeak }: { reportId: string; after: string; isSinceLeak: boolean }) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.apiKeys.leaks.hits.infiniteQueryOptions(
      { reportId },
      { initialCursor: after, getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  if (query.error !== null && query.data === undefined) {
    return <ReadTrouble title="The further keys did not load." query={query} />;
  }
  const isReading = query.isPending || query.isFetchingNextPage;
  return (
    <>
      <LeakHits hits={query.data?.pages.flatMap((page) => page.rows) ?? []} isSinceLeak={isSinceLeak} />
      {(isReading || query.hasNextPage) && (
        <Button size="s" className="mt-2" pending={isReading} onClick={() => void query.fetchNextPage()}>
          Show more keys
        </Button>
      )}
    </>
  );
}

function LeakHits({ hits, isSinceLeak }: { hits: readonly LeakHitView[]; isSinceLeak: boolean }) {
  if (hits.length === 0) return null;
  return (
    <ul className="mt-2 grid gap-2">
      {hits.map((hit) => (
        <LeakHit key={hit.keyId} hit={hit} isSinceLeak={isSinceLeak} />
      ))}
    </ul>
  );
}

type Asked = 'rotate' | 'revoke' | 'release';

function LeakHit({ hit, isSinceLeak }: { hit: LeakHitView; isSinceLeak: boolean }) {
  const to = useTo();
  const can = useCan();
  const { zone } = useTimeZone();
  const nowMs = useNow(30_000);
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const { tone, text } = hitWords(hit);
  const { keyId, name, environment, callers, callsSince } = hit;
  const platforms = useQuery(useTRPC().platforms.list.queryOptions()).data ?? [];
  const platformName =
    hit.platform === '*' ? 'all platforms' : (platforms.find(({ id }) => id === hit.platform)?.name ?? hit.platform);
  const mayAct = can('api-keys:rotate', hit.platform === '*' ? null : hit.platform);
  return (
    <li className="grid gap-1 border-l-3 border-line-strong bg-sunken px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link to={to(paths.key(keyId))} className={`${linkClass} font-semibold wrap-anywhere`}>
          {name}
        </Link>
        <span className="text-small text-ink-3">
          {platformName}, {environment}
        </span>
        <StatusWord tone={tone}>{text}</StatusWord>
      </div>
      <p className="text-small text-ink-2">{callsWords(callsSince, isSinceLeak)}.</p>
      {callers.length > 0 && (
        <ul aria-label={`Callers of ${name}`} className="text-small text-ink-2">
          {callers.map(({ address, agent, calls, lastAt }) => (
            <li key={`${address} ${agent}`} className="flex flex-wrap gap-x-3">
              <span className="mono min-w-0 truncate">
                {address} {agent}
              </span>
              <span className="whitespace-nowrap text-ink-3">
                {formatCount(calls)}, last {formatWhen(lastAt, zone, nowMs)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {mayAct && <HitActs hit={hit} onAsk={setAsked} />}
      {asked === 'rotate' && <RotateDialog keyId={keyId} onClose={close} emergency />}
      {asked === 'revoke' && <RevokeDialog keyId={keyId} onClose={close} />}
      {asked === 'release' && <ReleaseDialog keyId={keyId} onClose={close} />}
    </li>
  );
}

function HitActs({ hit, onAsk }: { hit: LeakHitView; onAsk(asked: Asked): void }) {
  const { state } = hit;
  if (state === 'revoked') return null;
  return (
    <div className="mt-1 flex flex-wrap gap-2">
      {state === 'active' && (
        <Button size="s" onClick={() => onAsk('rotate')}>
          Rotate at once
        </Button>
      )}
      {state === 'quarantined' && (
        <Button size="s" onClick={() => onAsk('release')}>
          False alarm, release
        </Button>
      )}
      <Button size="s" variant="danger" onClick={() => onAsk('revoke')}>
        Revoke
      </Button>
    </div>
  );
}
