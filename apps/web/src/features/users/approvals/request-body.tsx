import type { ApprovalDetail, ApprovalView } from '@qd/shared/approvals';
import type { ReactNode } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { LookWord } from '../look-word.tsx';
import { PanelSection } from '../person/panel-section.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { agreedOf, clockWords, paramLines, phaseLooks, ruleWords, standingWords } from './approval-words.ts';

const grid = 'grid grid-cols-[120px_minmax(0,1fr)] gap-x-3 gap-y-1.5';

/** Where a request stands, exactly what it asks for, whom it takes, and who said what. */
export function RequestBody({ request }: { request: ApprovalDetail }) {
  const now = useNow(1_000);
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  return (
    <>
      <dl className={grid}>
        <Line name="State">
          <LookWord look={phaseLooks[request.phase]} />
        </Line>
        <Line name="Clock">{clockWords(request, zone, now)}</Line>
        <Line name="Asked by">
          {request.requestedBy.name ?? request.requestedBy.id}, {formatDateTime(request.requestedAt, zone, now)}
        </Line>
        <Line name="Reason">{request.reason}</Line>
        <Line name="Where">{nameOf(request.platform ?? '*')}</Line>
        {request.outcome !== null && <Line name="Outcome">{request.outcome}</Line>}
      </dl>
      {request.phase === 'cooling' && (
        <p className="mt-3 flex items-start gap-2 border-l-3 border-info-fill bg-sunken px-2.5 py-2">
          <Glyph name="planned" className="mt-1" />
          Nobody else could agree to it, so it waits in everybody’s sight before it can be carried out.
        </p>
      )}
      <PanelSection title="Exactly what is asked for">
        <dl className={grid}>
          <Line name="Act">
            <span className="mono">{request.kind}</span>
          </Line>
          {paramLines(request.params).map(({ name, value }) => (
            <Line key={name} name={name}>
              <span className="mono break-words">{value}</span>
            </Line>
          ))}
        </dl>
      </PanelSection>
      <Rules request={request} />
      <Votes request={request} />
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3 wrap-anywhere">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Rules({ request }: { request: ApprovalDetail }) {
  const agreed = agreedOf(request);
  const isAgreed = request.approvedAt !== null;
  return (
    <PanelSection title="Who has to agree">
      <ul>
        {request.rules.map((rule, index) => (
          <RuleLine key={rule.permission} request={request} index={index} />
        ))}
      </ul>
      {(isAgreed || agreed !== null) && (
        <p className="mt-1 text-small text-ink-3">
          {agreed === null || agreed.given === agreed.needed
            ? 'Everybody it takes agreed.'
            : `${agreed.given} of ${agreed.needed} agreed so far. Nobody counts twice.`}
        </p>
      )}
    </PanelSection>
  );
}

/** One rule: met by whom, or open, and by whom it can be met. */
function RuleLine({ request, index }: { request: ApprovalDetail; index: number }) {
  const rule = request.rules[index];
  if (rule === undefined) return null;
  const isMet = rule.missing === null ? request.approvedAt !== null : rule.missing === 0;
  return (
    <li className="flex items-start gap-2 py-0.5">
      <Glyph name={isMet ? 'ok' : 'unknown'} className="mt-1" title={isMet ? 'Met' : 'Open'} />
      <span className="min-w-0 wrap-anywhere">
        {ruleWords(rule)}
        {standingWords(request, index).map((words) => (
          <span key={words} className="block text-small text-ink-3">
            {words}
          </span>
        ))}
      </span>
    </li>
  );
}

function Votes({ request: { votes } }: { request: ApprovalView }) {
  const { zone } = useTimeZone();
  const now = useNow(60_000);
  return (
    <PanelSection title="Decisions">
      {votes.length === 0 && <p className="text-ink-3">Nobody decided yet.</p>}
      <ul>
        {votes.map(({ by, decision, reason, at }) => (
          <li key={by.id} className="border-b border-line py-1.5">
            <p className="flex flex-wrap items-center gap-x-2">
              <StatusWord tone={decision === 'approve' ? 'ok' : 'none'}>
                {decision === 'approve' ? 'Approved' : 'Rejected'}
              </StatusWord>
              <span>by {by.name ?? by.id}</span>
              <span className="text-small text-ink-3">{formatDateTime(at, zone, now)}</span>
            </p>
            <p className="text-ink-2 wrap-anywhere">{reason}</p>
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}
