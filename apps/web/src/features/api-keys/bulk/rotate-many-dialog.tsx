import type { ManyRotationCandidate, ManyRotationVerdict } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { LeftOut } from '../../../lib/left-out.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useRotationMutations } from '../rotation/use-rotation.ts';
import { bulkWords, candidateWords, keysWords } from './bulk-words.ts';
import { RotatedMany } from './rotated-many.tsx';

export interface RotateManyDialogProps {
  ids: readonly string[];
  onDone(): void;
  onClose(): void;
}

/** Rotates many keys: what would become of each is asked first, and what became of each is said after. */
export function RotateManyDialog({ ids, onDone, onClose }: RotateManyDialogProps) {
  const trpc = useTRPC();
  const { most } = bulkWords.rotate;
  const isTooMany = ids.length > most;
  const [verdicts, setVerdicts] = useState<readonly ManyRotationVerdict[] | null>(null);
  const input = { keyIds: [...ids] };
  // Asked once: a list that changed under the eyes would not be the one agreed to.
  const once = (query: { state: { data: unknown } }) => !isTooMany && query.state.data === undefined;
  const preview = useQuery(trpc.apiKeys.rotation.previewMany.queryOptions(input, { enabled: once, gcTime: 0 }));
  if (verdicts !== null) return <RotatedMany verdicts={verdicts} onClose={() => (onDone(), onClose())} />;
  const candidates = preview.data?.candidates;
  if (candidates?.some(({ refusal }) => refusal === null) === true) {
    return <Ask candidates={candidates} onStarted={setVerdicts} onClose={onClose} />;
  }
  const failure = preview.error === null ? null : describeError(preview.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={candidates === undefined && !isTooMany ? `Rotate ${keysWords(ids.length)}` : 'Rotate: not possible'}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {isTooMany && <p>Choose at most {keysWords(most)}.</p>}
      {candidates !== undefined && (
        <>
          <p className="mb-2">None of those chosen can be rotated together.</p>
          <LeftOut rows={leftOutOf(candidates)} words={keysWords} />
        </>
      )}
      {!isTooMany && preview.isPending && <SkeletonRows rows={3} />}
      {failure !== null && (
        <ErrorState
          title="What would become of the keys did not load."
          onRetry={() => void preview.refetch()}
          requestId={failure.requestId ?? undefined}
        >
          {failure.message} {failure.remedy}
        </ErrorState>
      )}
    </Dialog>
  );
}

function leftOutOf(candidates: readonly ManyRotationCandidate[]) {
  return candidates.flatMap(({ keyId, name, refusal }) =>
    refusal === null ? [] : [{ id: keyId, name, why: refusal }],
  );
}

interface AskProps {
  candidates: readonly ManyRotationCandidate[];
  onStarted(verdicts: readonly ManyRotationVerdict[]): void;
  onClose(): void;
}

function Ask({ candidates, onStarted, onClose }: AskProps) {
  const { zone } = useTimeZone();
  const { startMany } = useRotationMutations();
  const fit = candidates.filter(({ refusal }) => refusal === null);
  const [off, setOff] = useState<ReadonlySet<string>>(new Set());
  const keyIds = fit.map(({ keyId }) => keyId).filter((id) => !off.has(id));
  const toggle = (id: string) => {
    const next = new Set(off);
    if (!next.delete(id)) next.add(id);
    setOff(next);
  };
  const at = { zone, nowMs: serverNow() };
  return (
    <ActDialog
      title={`Rotate ${keysWords(keyIds.length)}?`}
      cost={bulkWords.rotate.cost}
      confirmLabel="Rotate"
      danger={false}
      missing={keyIds.length === 0 ? 'Leave at least one key chosen.' : null}
      onAct={async (reason) => onStarted(await startMany.mutateAsync({ keyIds, reason }))}
      // The answer takes the place of the question.
      onClose={() => undefined}
      onCancel={onClose}
    >
      <LeftOut rows={leftOutOf(candidates)} words={keysWords} />
      <ul aria-label="To be rotated" tabIndex={0} className="mb-3 max-h-56 overflow-y-auto border-y border-line px-1">
        {fit.map((one) => (
          <li key={one.keyId}>
            <Checkbox
              label={<span className="wrap-anywhere">{one.name}</span>}
              hint={<span className="wrap-anywhere">{candidateWords(one, at)}</span>}
              checked={!off.has(one.keyId)}
              onChange={() => toggle(one.keyId)}
            />
          </li>
        ))}
      </ul>
    </ActDialog>
  );
}
