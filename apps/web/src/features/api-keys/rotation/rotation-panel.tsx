import type { RotationBoard } from '@qd/shared/api-keys';
import { useState } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatClock, formatDateTime } from '../../../lib/format.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import type { At } from '../list/state-words.ts';
import { BoardTable } from './board-table.tsx';
import { CancelRotationDialog } from './cancel-rotation-dialog.tsx';
import { EnvLinesNote } from './env-lines-note.tsx';
import { ExtendRotationDialog } from './extend-rotation-dialog.tsx';
import { RotationSteps } from './rotation-steps.tsx';
import { clockWords, noExtension, stepsOf, verdictWords } from './rotation-words.ts';
import { useRotationBoard } from './use-rotation.ts';

/** Where the rotation of a key stands: its steps, who sends which key, and whether the old one can end. Nothing without one. */
export function RotationPanel({ keyId, platform }: { keyId: string; platform?: string | null }) {
  const query = useRotationBoard(keyId);
  const { zone } = useTimeZone();
  const nowMs = useNow(10_000);
  const board = query.data;
  if (board === null) return null;
  return (
    <section aria-label="Rotation" className="min-w-0">
      {board !== undefined && (
        <Rotation board={board} at={{ zone, nowMs }} isStale={query.isError} platform={platform ?? null} />
      )}
      {board === undefined && <SectionHead title="Rotation" />}
      {board === undefined &&
        (query.error === null ? (
          <SkeletonRows rows={4} rowHeight="40px" widths={['30%', '20%', '10%', '10%']} />
        ) : (
          <ReadTrouble title="The rotation did not load." query={query} />
        ))}
    </section>
  );
}

interface RotationProps {
  board: RotationBoard;
  at: At;
  /** The last read failed; what stands there is older. */
  isStale: boolean;
  platform: string | null;
}

function Rotation({ board, at, isStale, platform }: RotationProps) {
  const verdict = verdictWords(board, at);
  const started = formatDateTime(board.startedAt, at.zone, at.nowMs);
  const by = board.startedBy === null ? '' : ` by ${board.startedBy}`;
  const note = `${board.isEmergency ? 'an emergency, ' : ''}started ${started}${by}`;
  return (
    <>
      <SectionHead
        title={`${board.old.name}, rotation`}
        note={note}
        actions={board.isOpen && <RotationActs board={board} platform={platform} />}
      />
      <RotationSteps steps={stepsOf(board, at)} />
      <div className="mt-3">
        <BoardTable board={board} at={at} />
      </div>
      {board.isOpen && (
        <p className="mt-3">
          <StatusWord tone={verdict.tone}>{verdict.word}</StatusWord> <span className="text-ink-2">{verdict.why}</span>
        </p>
      )}
      <p className="mt-1.5 text-small text-ink-3">
        {board.isOpen && `${clockWords(board, at).join(' ')} `}
        Reason: {board.reason}. As of {formatClock(board.asOf, at.zone, { seconds: true, withZone: true })}
        {isStale && ', and older than it should be: the last read failed'}.
      </p>
      {board.isOpen && (
        <div className="mt-2">
          <EnvLinesNote lines={board.envLines} />
        </div>
      )}
    </>
  );
}

function RotationActs({ board, platform }: Pick<RotationProps, 'board' | 'platform'>) {
  const can = useCan();
  const [open, setOpen] = useState<'extend' | 'cancel' | null>(null);
  const why = can('api-keys:rotate', platform)
    ? undefined
    : 'Owners, admins, commanders and operators change rotations.';
  const close = (): void => setOpen(null);
  return (
    <>
      <Button size="s" disabledReason={why ?? noExtension(board)} onClick={() => setOpen('extend')}>
        Extend
      </Button>
      <Button size="s" variant="ghost" disabledReason={why} onClick={() => setOpen('cancel')}>
        Call off
      </Button>
      {open === 'extend' && <ExtendRotationDialog board={board} onClose={close} />}
      {open === 'cancel' && <CancelRotationDialog board={board} onClose={close} />}
    </>
  );
}
