import type { LeakReportView } from '@qd/shared/api-keys/ending';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { KeyPageLinks } from '../../../lib/key-page-links.tsx';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Call } from '../../../ui/call.tsx';
import { Forbidden } from '../../../ui/forbidden.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { LookUpDialog } from '../lookup/look-up-dialog.tsx';
import { LeakForm } from './leak-form.tsx';
import { LeakReport } from './leak-report.tsx';
import { foundWords } from './leak-words.ts';
import { ScannerPatterns } from './scanner-patterns.tsx';

const PAGE_ROWS = 20;

/** Has a key got out, who used it, and is it stopped? */
export function LeakPage() {
  const can = useCan();
  const [found, setFound] = useState<LeakReportView | null>(null);
  const [asksLookUp, setAsksLookUp] = useState(false);
  if (!can('api-keys:read')) {
    return (
      <>
        <Call>Leaks of keys are not open to your role.</Call>
        <div className="mt-4 max-w-[640px]">
          <Forbidden title="Owners, admins, commanders, operators, support and auditors can see them.">
            If you have found a key, send it to one of them.
          </Forbidden>
        </div>
      </>
    );
  }
  return (
    <>
      <Call>{found === null ? 'Paste what may hold a key: ours are found and stopped.' : foundWords(found)}</Call>
      <KeyPageLinks />
      <div className="grid gap-x-8 gap-y-8 desk:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid min-w-0 content-start gap-8">
          <section aria-label="Search a text" className="min-w-0">
            <SectionHead
              title="Search a text"
              actions={
                <Button size="s" onClick={() => setAsksLookUp(true)}>
                  Look up one key
                </Button>
              }
            />
            {can('api-keys:rotate') ? (
              <LeakForm onFound={setFound} />
            ) : (
              <p className="text-ink-2">Owners, admins, commanders and operators can report a leak.</p>
            )}
          </section>
          <Reports />
        </div>
        <ScannerPatterns />
      </div>
      {asksLookUp && <LookUpDialog onClose={() => setAsksLookUp(false)} />}
    </>
  );
}

function Reports() {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.apiKeys.leaks.list.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const reports = query.data?.pages.flatMap((page) => page.rows);
  return (
    <section aria-label="Searches so far" className="min-w-0">
      <SectionHead title="Searches so far" note="newest first; the texts are not kept" />
      {reports === undefined ? (
        query.error === null ? (
          <Delayed words="Reading the searches…">
            <SkeletonRows rows={4} rowHeight="44px" widths={['60%', '40%']} />
          </Delayed>
        ) : describeError(query.error).kind === 'forbidden' ? (
          <p className="text-ink-2">They are not open to your role.</p>
        ) : (
          <ReadTrouble title="The searches did not load." query={query} />
        )
      ) : reports.length === 0 ? (
        <p className="border-t border-line py-3 text-ink-2">Nothing was searched yet.</p>
      ) : (
        <div className="border-t border-line">
          {reports.map((report) => (
            <LeakReport key={report.id} report={report} />
          ))}
        </div>
      )}
      {query.hasNextPage && (
        <Button className="mt-3" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older searches
        </Button>
      )}
    </section>
  );
}
