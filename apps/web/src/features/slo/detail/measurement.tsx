import type { SloDetail } from '@qd/shared/slo';
import { formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { SectionHead } from '../../../ui/section-head.tsx';
import { HowComputed } from './how-computed.tsx';
import { boundsWords, countedWords, lifeWords, queryLines, ruleWords, sourceWords } from './measured-words.ts';

/** What is counted, from where, how much of it, and what is missing. */
export function MeasurementPart({ slo, zone, nowMs }: { slo: SloDetail; zone: Zone; nowMs: number }) {
  const { budget, measurement } = slo;
  const lines = queryLines(measurement);
  const rule = ruleWords(measurement.indicator);
  const bounds = boundsWords(budget);
  return (
    <section>
      <SectionHead
        title="How it is measured"
        note={sourceWords(slo.source, measurement)}
        actions={<HowComputed slo={slo} zone={zone} nowMs={nowMs} />}
      />
      {lines.length === 0 ? (
        <p className="rounded-2 border border-line bg-surface px-3.5 py-3">
          Points arrive at <code className="mono">POST /api/v1/sli</code>, each with its good and total counts.
        </p>
      ) : (
        <div
          // Long queries scroll sideways, and must be reachable by keyboard.
          tabIndex={0}
          role="group"
          aria-label="Queries"
          className="overflow-x-auto rounded-2 border border-line bg-surface px-3.5 py-3"
        >
          <dl className="mono grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
            {lines.map((line) => (
              <div key={line.name} className="contents">
                <dt className="text-ink-3">{line.name}</dt>
                <dd className="whitespace-pre">{line.query}</dd>
              </div>
            ))}
            {rule !== null && (
              <div className="contents">
                <dt className="text-ink-3">good</dt>
                <dd>when {rule}</dd>
              </div>
            )}
          </dl>
        </div>
      )}
      <p className="mt-2 text-small text-ink-3">{countedWords(slo, zone, nowMs)}</p>
      <p className="text-small text-ink-3">
        {lifeWords(measurement, zone, nowMs)} {formatPercent(budget.coverageRatio)} of the window so far is covered.
        {bounds !== null &&
          ` With the gaps counted as bad or as good, between ${bounds.replace(' to ', ' and ')} is left.`}
      </p>
    </section>
  );
}
