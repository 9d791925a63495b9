import { useQuery } from '@tanstack/react-query';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';

/** Expressions by which other scanners find keys of this console. */
export function ScannerPatterns() {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.leaks.patterns.queryOptions());
  const patterns = query.data;
  return (
    <section aria-label="For other scanners" className="min-w-0">
      <SectionHead title="For other scanners" />
      {patterns === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={3} rowHeight="30px" widths={['80%', '60%', '80%']} />
        ) : (
          <ReadTrouble title="The patterns did not load." query={query} />
        )
      ) : (
        <div className="grid gap-3">
          <Block label="Expression, for GitHub custom patterns" text={patterns.expression} />
          <Block label="Rule for gitleaks.toml" text={patterns.gitleaks} />
          <Block
            label="In a build: ends with 1 when a key is found"
            text="git diff origin/main | qd keys scan --offline -"
          />
        </div>
      )}
    </section>
  );
}

function Block({ label, text }: { label: string; text: string }) {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-small text-ink-2">{label}</p>
      <pre className="mono rounded-2 border border-line bg-sunken px-2.5 py-2 text-small whitespace-pre-wrap wrap-anywhere select-all">
        {text}
      </pre>
    </div>
  );
}
