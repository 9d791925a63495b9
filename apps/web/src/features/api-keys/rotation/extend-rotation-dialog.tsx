import type { RotationBoard } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { useNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { wholeOf } from './rotate-draft.ts';
import { useRotationMutations } from './use-rotation.ts';

const USUAL_DAYS = 7;

/** Lets the old key of a rotation work longer. */
export function ExtendRotationDialog({ board, onClose }: { board: RotationBoard; onClose(): void }) {
  const { zone } = useTimeZone();
  const nowMs = useNow(60_000);
  const toasts = useToasts();
  const { extend } = useRotationMutations();
  // Days count from the deadline, and the grace is called off: so the server does it.
  const fromAt = Math.max(board.endsAt, board.deadlineAt);
  const most = Math.max(1, Math.ceil((board.latestEndAt - fromAt) / DAY_MS));
  const [text, setText] = useState(String(Math.min(USUAL_DAYS, most)));
  const days = wholeOf(text);
  const isFit = days !== null && days >= 1 && days <= most;
  const endsAt = Math.min(fromAt + (days ?? 0) * DAY_MS, board.latestEndAt);
  const grace = board.graceMs === null ? '' : ' First use of the new key then ends nothing.';
  const at = (ms: number): string => formatDateTime(ms, zone, nowMs);
  return (
    <ActDialog
      title={`Let the old key of ${board.old.name} work longer?`}
      cost={
        isFit
          ? `It ends ${at(endsAt)} instead of ${at(board.endsAt)}.`
          : `It can work until ${at(board.latestEndAt)} at most.`
      }
      confirmLabel="Extend"
      danger={false}
      missing={isFit ? null : `Give whole days, 1 to ${most}.`}
      onAct={async (reason) => {
        const moved = await extend.mutateAsync({ keyId: board.old.id, days: days ?? 0, reason });
        toasts.show({ message: `The old key of ${board.old.name} ends ${at(moved.endsAt)}.`, glyph: 'done' });
      }}
      onClose={onClose}
    >
      <Field
        label="Days longer"
        hint={`Counted from the deadline; at most ${most} d: its own expiry and 30 d of overlap are the limits.${grace}`}
        className="mb-3"
        required
      >
        <Input value={text} inputMode="numeric" onChange={(event) => setText(event.target.value)} />
      </Field>
    </ActDialog>
  );
}
