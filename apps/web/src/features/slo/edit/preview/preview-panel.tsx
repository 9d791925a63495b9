import type { SloPreview, SourceChoiceView } from '@qd/shared/slo';
import { type ReactNode, useState } from 'react';
import { useNow } from '../../../../lib/clock.ts';
import { describeError } from '../../../../lib/errors.ts';
import { formatAge, formatDuration } from '../../../../lib/format.ts';
import { useTimeZone } from '../../../../lib/time-zone.ts';
import { Button } from '../../../../ui/button.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { SectionHead } from '../../../../ui/section-head.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import type { SloDraft } from '../draft/draft.ts';
import { policyOf } from '../form/policy.ts';
import { unitOf } from '../kinds.ts';
import { HourBars } from './hour-bars.tsx';
import { LeftPlot } from './left-plot.tsx';
import { PreviewTable } from './preview-table.tsx';
import { budgetLine, measuredLine, previewSentence } from './preview-words.ts';
import { PREVIEW_DAYS, type PreviewState } from './use-preview.ts';

export interface PreviewPanelProps {
  state: PreviewState;
  draft: SloDraft;
  source: SourceChoiceView | null;
  /** What is still missing before a preview can be made; null when nothing is. */
  missing: string | null;
}

/** What the form would have shown over the last days, beside it. */
export function PreviewPanel({ state, draft, source, missing }: PreviewPanelProps) {
  const { preview, isRunning } = state;
  const canAsk = missing === null;
  return (
    <aside aria-label="Preview" className="min-w-0">
      <SectionHead
        title="Preview"
        note={`last ${PREVIEW_DAYS} days`}
        actions={
          canAsk ? (
            <Button size="s" icon="refresh" pending={isRunning} onClick={state.refresh}>
              Preview
            </Button>
          ) : undefined
        }
      />
      <div className="grid gap-3 border-t border-ink pt-3" aria-busy={isRunning}>
        <Trouble state={state} />
        {preview !== null && <Shown preview={preview} state={state} draft={draft} />}
        {preview === null && state.error === null && (
          <Waiting isRunning={isRunning} missing={missing} source={source} />
        )}
      </div>
    </aside>
  );
}

function Trouble({ state }: { state: PreviewState }) {
  if (state.error === null) return null;
  const failure = describeError(state.error);
  const rest = state.preview === null ? '' : ' Below is the last preview that worked.';
  const next = failure.kind === 'invalid' ? 'Correct the marked field.' : 'You can save without a preview.';
  return (
    <ErrorState
      title="The preview did not work."
      onRetry={state.refresh}
      retrying={state.isRunning}
      {...(failure.requestId === null ? {} : { requestId: failure.requestId })}
    >
      {failure.message} {next}
      {rest}
    </ErrorState>
  );
}

function Waiting({
  isRunning,
  missing,
  source,
}: { isRunning: boolean } & Pick<PreviewPanelProps, 'missing' | 'source'>) {
  if (missing !== null) return <Note>{missing}</Note>;
  if (source?.hasHistory === false && !isRunning) {
    return <Note>This source does not know the past. Figures begin when the objective is saved.</Note>;
  }
  return (
    <div role="status">
      <div aria-hidden="true" className="grid gap-3">
        <Skeleton width="86%" height="20px" />
        <div className="h-[150px] border border-line" />
        <Skeleton width="60%" />
      </div>
      <p className="mt-2 text-ink-3">
        {isRunning ? `Reading ${PREVIEW_DAYS} days from the source…` : 'The preview begins when you pause.'}
      </p>
    </div>
  );
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-ink-2">{children}</p>;
}

function Shown({ preview, state, draft }: { preview: SloPreview; state: PreviewState; draft: SloDraft }) {
  const nowMs = useNow(5_000);
  const { zone } = useTimeZone();
  const [tableShown, setTableShown] = useState(false);
  const now = { zone, nowMs: preview.asOf };
  const unit = unitOf(draft.kind);
  const hasPast = preview.leftRatio.some((ratio) => ratio !== null);
  const faded = state.isCurrent ? {} : { className: 'opacity-55' };
  return (
    <div className="grid gap-3">
      <p className="text-lead font-medium" aria-live="polite">
        {previewSentence(preview, now)}
      </p>
      <p className="text-small text-ink-3">
        Read {formatAge(nowMs - preview.asOf)}, took {formatDuration(preview.queriedMs)}
        {state.isCurrent ? '.' : state.isRunning ? '; reading again…' : '; the form has changed since.'}
      </p>
      {hasPast && (tableShown ? <PreviewTable preview={preview} now={now} /> : null)}
      {hasPast && !tableShown && (
        <>
          <LeftPlot preview={preview} policy={policyOf(draft)} now={now} {...faded} />
          <HourBars preview={preview} unit={unit} {...faded} />
        </>
      )}
      {hasPast && (
        <>
          <p className="text-small text-ink-2">{measuredLine(preview, unit)}.</p>
          <Budgets preview={preview} now={now} />
          <Button
            size="s"
            variant="ghost"
            icon={tableShown ? 'chart' : 'table'}
            aria-pressed={tableShown}
            className="justify-self-start"
            onClick={() => setTableShown(!tableShown)}
          >
            Show as table
          </Button>
        </>
      )}
    </div>
  );
}

function Budgets({ preview, now }: { preview: SloPreview; now: Parameters<typeof budgetLine>[1] }) {
  if (preview.others.length === 0) return null;
  const lines = [preview.budget, ...preview.others].map((budget) => budgetLine(budget, now));
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1 border-t border-line pt-2 text-small">
      {lines.map(({ name, left }) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="text-right">{left}</dd>
        </div>
      ))}
    </dl>
  );
}
