import type { KeyDetail } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useKey } from '../../../lib/keys.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { ClaimSection } from '../claims/claim-section.tsx';
import { ConsumersSection } from '../consumers/consumers-section.tsx';
import { EndingCard } from '../ending/ending-card.tsx';
import { LimitsSection } from '../limits/limits-section.tsx';
import { stateWords, type At } from '../list/state-words.ts';
import { RotationPanel } from '../rotation/rotation-panel.tsx';
import { CallersSection } from './callers-section.tsx';
import { KeyFacts } from './key-facts.tsx';
import { ScopeUseSection } from './scope-use-section.tsx';

export interface KeyPanelProps {
  id: string;
  at: At;
  onClose(): void;
  /** What can be done to the key. */
  actions(detail: KeyDetail): ReactNode;
}

/** One key under the list: who uses it, what it may do, its rotation, and what ending it would cost. */
export function KeyPanel({ id, at, onClose, actions }: KeyPanelProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.apiKeys.get.queryOptions({ id }));
  const detail = query.data;
  const panel = useRef<HTMLElement>(null);
  useKey('escape', 'Close the key', onClose);
  useInSight(panel, id);
  return (
    <section
      ref={panel}
      tabIndex={-1}
      aria-label={detail?.name ?? 'Key'}
      className="mt-8 scroll-mt-24 border-t-2 border-line-strong pt-4 outline-none"
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        {detail !== undefined && <Head detail={detail} at={at} />}
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {detail !== undefined && actions(detail)}
          <IconButton icon="close" label="Close the key" kbd="Esc" onClick={onClose} />
        </div>
      </div>
      {detail === undefined ? <Missing query={query} /> : <Body detail={detail} at={at} />}
    </section>
  );
}

/** The key opened stands under the list: it is brought into sight, and who pressed its link goes on inside. */
function useInSight(panel: RefObject<HTMLElement | null>, id: string): void {
  useEffect(() => {
    const opener = document.activeElement;
    const own = panel.current;
    own?.scrollIntoView?.({ block: 'nearest' });
    if (!(opener instanceof HTMLElement) || opener === document.body) return undefined;
    own?.focus({ preventScroll: true });
    return () => {
      const isLost = document.activeElement === document.body || own?.contains(document.activeElement) === true;
      if (isLost) opener.focus({ preventScroll: true });
    };
  }, [panel, id]);
}

function Head({ detail, at }: { detail: KeyDetail; at: At }) {
  const { tone, glyph, word, second } = stateWords(detail, at);
  return (
    <div className="min-w-0">
      <h2 className="flex flex-wrap items-center gap-2 text-title font-semibold wrap-anywhere">
        {detail.name}
        {detail.isLegacy && <Tag tone="warn">Legacy</Tag>}
        {detail.isDemo && <Tag>Demo</Tag>}
      </h2>
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="mono text-small text-ink-2">{detail.shown}</span>
        <StatusWord tone={tone} glyph={glyph}>
          {word}
        </StatusWord>
        <span className="text-small text-ink-3">{second}</span>
      </p>
    </div>
  );
}

function Body({ detail, at }: { detail: KeyDetail; at: At }) {
  return (
    <div className="mt-5 grid gap-x-8 gap-y-8 grid-cols-[minmax(0,1fr)] desk:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-8">
        <RotationPanel keyId={detail.id} platform={detail.platform === '*' ? null : detail.platform} />
        <ConsumersSection keyId={detail.id} />
        <CallersSection keyId={detail.id} at={at} />
        <ScopeUseSection keyId={detail.id} nowMs={at.nowMs} />
      </div>
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-8">
        <ClaimSection keyId={detail.id} />
        <EndingCard keyId={detail.id} />
        <LimitsSection keyId={detail.id} owner={detail.owner} />
        <KeyFacts detail={detail} at={at} />
      </div>
    </div>
  );
}

function Missing({ query }: { query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> } }) {
  if (query.error === null) {
    return (
      <Delayed words="Reading the key…">
        <SkeletonRows rows={6} rowHeight="30px" widths={['30%', '44%']} />
      </Delayed>
    );
  }
  if (describeError(query.error).kind === 'not_found') {
    return <p className="text-ink-2">There is no such key, or it belongs to a platform you cannot see.</p>;
  }
  return <ReadTrouble title="This key did not load." query={query} />;
}
