import type { Override, SloDetail } from '@qd/shared/slo';
import { HOUR_MS } from '@qd/shared/time';
import { type FormEvent, type ReactNode, useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { instantWords } from '../moment.ts';
import { useOverrideMutations } from '../use-slo-mutations.ts';

const LEAST_REASON = 3;
/** A refusal stays in the sheet. Callbacks of `mutate` would be lost: what succeeds takes its sheet away. */
const shownBelow = () => undefined;
const spans = [
  { value: '1', label: '1 h' },
  { value: '4', label: '4 h' },
  { value: '24', label: '1 d' },
  { value: '72', label: '3 d' },
  { value: '168', label: '7 d' },
];

function Sheet({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover
      title={label}
      align="end"
      className="w-[360px] max-w-[calc(100vw-24px)]"
      trigger={(props) => (
        <Button {...props} size="s" className="ml-auto">
          {label}
        </Button>
      )}
    >
      {children}
    </Popover>
  );
}

function Refusal({ error }: { error: unknown }) {
  if (error === null) return null;
  const { message, remedy } = describeError(error);
  return (
    <p role="alert" className="font-medium text-crit">
      {message} {remedy}
    </p>
  );
}

export interface OverrideSheetProps {
  slo: Pick<SloDetail, 'id' | 'name'>;
  zone: Zone;
}

/** Lets releases pass a closed budget for a while. It needs a reason, ends by itself and is on record. */
export function OverrideSheet({ slo, zone }: OverrideSheetProps) {
  const { create } = useOverrideMutations();
  const toasts = useToasts();
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState('4');
  const [tried, setTried] = useState(false);
  const tooShort = reason.trim().length < LEAST_REASON;
  const now = serverNow();
  const until = now + Number(hours) * HOUR_MS;
  const save = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (tooShort || create.isPending) return;
    const message = `Releases may pass until ${instantWords(until, { zone, nowMs: now })}.`;
    create
      .mutateAsync({ id: slo.id, reason: reason.trim(), until })
      .then(() => toasts.show({ message, detail: slo.name }), shownBelow);
  };
  return (
    <Sheet label="Let releases pass">
      <form className="grid gap-3" onSubmit={save}>
        <p>The gate says yes until then, whatever is left. The budget does not change, and the audit log keeps it.</p>
        <Field label="Reason" required error={tried && tooShort ? 'Say why, in at least 3 characters.' : undefined}>
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <div>
          <Segmented label="For how long" size="s" value={hours} onChange={setHours} options={spans} />
          <p className="mt-1 text-small text-ink-3">Until {instantWords(until, { zone, nowMs: now })}.</p>
        </div>
        <Refusal error={create.error} />
        <Button type="submit" variant="primary" className="justify-self-start" pending={create.isPending}>
          Let releases pass
        </Button>
      </form>
    </Sheet>
  );
}

/** Ends a decision early: the policy decides again at once. */
export function WithdrawSheet({ override, zone }: { override: Override; zone: Zone }) {
  const { withdraw } = useOverrideMutations();
  const toasts = useToasts();
  const done = () => toasts.show({ message: 'The budget policy decides again.' });
  return (
    <Sheet label="Withdraw">
      <div className="grid gap-3">
        <p>
          Releases may pass until {instantWords(override.until, { zone, nowMs: serverNow() })}. Withdrawn, the budget
          policy decides again at once.
        </p>
        <Refusal error={withdraw.error} />
        <Button
          variant="primary"
          className="justify-self-start"
          pending={withdraw.isPending}
          onClick={() => void withdraw.mutateAsync({ id: override.id }).then(done, shownBelow)}
        >
          Withdraw the decision
        </Button>
      </div>
    </Sheet>
  );
}
