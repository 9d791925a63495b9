import type { SlotPerson, SlotView } from '@qd/shared/oncall';
import { useState } from 'react';
import { ActDialog } from '../../lib/act-dialog.tsx';
import { serverNow } from '../../lib/clock.ts';
import { formatDateTime } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useToasts } from '../../ui/toast.tsx';
import { PersonChoice } from './person-choice.tsx';
import { useOncallMutations } from './use-oncall.ts';

export interface SlotDialogProps {
  slot: SlotView;
  platformName: string;
  onClose(): void;
}

/** Gives what is left of a slot to somebody else. */
export function HandOverDialog({ slot, platformName, onClose }: SlotDialogProps) {
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const { handOver } = useOncallMutations();
  const [to, setTo] = useState<SlotPerson | null>(null);
  // What the reader saw when they decided; a colleague's change meanwhile is told, not written over.
  const [{ id, version, person, role, endsAt, startsAt, state }] = useState(slot);
  const nowMs = serverNow();
  const from = state === 'running' ? 'from now' : `from ${formatDateTime(startsAt, zone, nowMs)}`;
  const pass = async (reason: string) => {
    if (to === null) return;
    await handOver.mutateAsync({ id, version, userId: to.id, reason });
    toasts.show({ message: `${to.name} takes over for ${platformName}.`, detail: 'Both are told by mail.' });
  };
  return (
    <ActDialog
      title={`Hand over from ${person.name}?`}
      cost={`Somebody else is ${role} for ${platformName} ${from} until ${formatDateTime(endsAt, zone, nowMs)}. Both are told.`}
      confirmLabel="Hand over"
      danger={false}
      missing={to === null ? 'Choose who takes over.' : null}
      onAct={pass}
      onClose={onClose}
    >
      <div className="mb-3">
        <PersonChoice platform={slot.platform} chosen={to} without={person.id} onChoose={setTo} />
      </div>
    </ActDialog>
  );
}

/** Ends a slot now, or calls it off before it begins. */
export function EndSlotDialog({ slot, platformName, onClose }: SlotDialogProps) {
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const { end } = useOncallMutations();
  const [{ id, version, person, role, endsAt, startsAt, state }] = useState(slot);
  const nowMs = serverNow();
  const until = formatDateTime(endsAt, zone, nowMs);
  const cost =
    state === 'running'
      ? `${person.name} stops being ${role} for ${platformName} at once; the time until ${until} has nobody as ${role}.`
      : `The slot from ${formatDateTime(startsAt, zone, nowMs)} to ${until} is called off; nobody is ${role} for ${platformName} then.`;
  const stop = async (reason: string) => {
    await end.mutateAsync({ id, version, reason });
    toasts.show({ message: `${person.name} is off call for ${platformName}.`, detail: 'They are told by mail.' });
  };
  return (
    <ActDialog
      title={`End the slot of ${person.name}?`}
      cost={`${cost} What was held stays on record.`}
      confirmLabel="End slot"
      onAct={stop}
      onClose={onClose}
    />
  );
}
