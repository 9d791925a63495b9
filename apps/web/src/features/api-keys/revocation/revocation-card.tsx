import type { RevocationView } from '@qd/shared/api-keys/ending';
import { DAY_MS } from '@qd/shared/time';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '../../../lib/clock.ts';
import { formatAge, formatCount, formatDecimal, formatMs, formatPercent } from '../../../lib/format.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { revocationWords } from './revocation-words.ts';

const REFRESH_MS = 60_000;

/** How soon ended keys are refused: an objective of the console itself. */
export function RevocationCard() {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.revocation.queryOptions(undefined, { refetchInterval: REFRESH_MS }));
  const view = query.data;
  return (
    <section aria-label="How soon ended keys are refused" className="min-w-0">
      <SectionHead
        title="How soon ended keys are refused"
        note={view === undefined ? undefined : objectiveWords(view)}
        actions={view === undefined ? undefined : <HowComputed view={view} />}
      />
      {view !== undefined ? (
        <Reading view={view} />
      ) : query.error === null ? (
        <SkeletonRows rows={2} rowHeight="30px" widths={['60%', '40%']} />
      ) : (
        <ReadTrouble title="How soon ended keys are refused did not load." query={query} />
      )}
    </section>
  );
}

function objectiveWords({ targetPercent, withinMs, windowMs }: RevocationView): string {
  return `${targetPercent}% within ${formatMs(withinMs)} over ${windowMs / DAY_MS} d`;
}

function Reading({ view }: { view: RevocationView }) {
  const nowMs = useNow(5_000);
  const { tone, text } = revocationWords(view);
  const { budget, p50Ms, p99Ms, slowestMs, lastAt } = view;
  const facts: [string, string][] = [
    ['Half within', p50Ms === null ? 'not known' : formatMs(p50Ms)],
    ['99% within', p99Ms === null ? 'not known' : formatMs(p99Ms)],
    ['Slowest', view.neverRefused > 0 ? 'over 30 s' : slowestMs === null ? 'not known' : formatMs(slowestMs)],
    ['Budget left', budget.leftRatio === null ? 'not known' : formatPercent(budget.leftRatio)],
    ['Measured', lastAt === null ? 'not yet' : formatAge(Math.max(0, nowMs - lastAt))],
  ];
  return (
    <div className="border-t border-line pt-2.5">
      <StatusWord tone={tone} className="whitespace-normal!">
        {text}
      </StatusWord>
      <dl className="mt-2 flex flex-wrap gap-x-8 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-small text-ink-3">{name}</dt>
            <dd className="font-strong">{value}</dd>
          </div>
        ))}
      </dl>
      {view.bus !== 'up' && <p className="mt-2 text-small text-ink-2">{busWords[view.bus]}</p>}
    </div>
  );
}

const busWords = {
  down: 'The bus between replicas is down: nothing is remembered, so each call asks the database.',
  none: 'Without Redis replicas do not hear of each other: nothing is remembered, so each call asks the database. Set REDIS_URL.',
} as const;

function HowComputed({ view }: { view: RevocationView }) {
  const { budget, withinMs, replicas } = view;
  const allowed = 100 - Number(view.targetPercent);
  return (
    <Popover
      title="How this is computed"
      align="end"
      className="max-w-[420px]"
      trigger={(props) => (
        <Button {...props} size="s" variant="ghost" icon="help">
          How computed
        </Button>
      )}
    >
      <p className="text-small">
        Once a minute a key that opens nothing is ended, and every replica ({replicas} now) asks its own verifier every
        10 ms until it refuses. Good is a refusal within {formatMs(withinMs)} of the end, counted by the database’s
        clock.
      </p>
      <p className="mt-1.5 text-small">
        {formatCount(budget.totalEvents - budget.badEvents)} good of {formatCount(budget.totalEvents)} measurements.
        Allowed to fail: {formatDecimal(allowed, 4)}%. Coverage {formatPercent(budget.coverageRatio)} of the minutes
        since the first one.
      </p>
    </Popover>
  );
}
