import type { ExclusionVersion } from '@qd/shared/slo';
import type { FormEvent } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { inputOf } from './draft.ts';
import { What, When, Where } from './exclusion-fields.tsx';
import { ExclusionPreview } from './exclusion-preview.tsx';
import { useExclusionForm, type ExclusionFormProps } from './use-exclusion-form.ts';

/** Create or change excluded time, with its effect on every budget before anything is saved. */
export function ExclusionForm(props: ExclusionFormProps) {
  const { existing, platforms, zone, onClose } = props;
  const form = useExclusionForm(props);
  const { failure, isPending, isNew } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.save();
  };
  return (
    <Drawer
      open
      onOpenChange={onClose}
      size="wide"
      title={existing === null ? 'Exclude time' : 'Change the exclusion'}
      description="Time that does not count: its failures cost nothing, and its gaps are not held against the measurement. Alerts skip it."
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" pending={isPending} onClick={() => form.save()}>
            {isNew ? 'Exclude this time' : 'Save the change'}
          </Button>
        </>
      }
    >
      <form className="grid gap-4" onSubmit={submit} noValidate>
        {existing?.withdrawnAt != null && <Withdrawn exclusion={existing} at={existing.withdrawnAt} zone={zone} />}
        <Where form={form} platforms={platforms} isNew={isNew} />
        <What form={form} />
        <When form={form} />
        {failure !== null && failure.kind === 'conflict' && existing !== null && (
          <Conflict message={failure.message} onTheirs={() => form.rebase(false)} onMine={() => form.rebase(true)} />
        )}
        {failure !== null && failure.kind !== 'conflict' && (
          <p role="alert" className="font-medium text-crit">
            {failure.message} {failure.remedy}
          </p>
        )}
        <ExclusionPreview input={inputOf(form.draft)} replaces={isNew ? null : (existing?.id ?? null)} zone={zone} />
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}

function Withdrawn({ exclusion, at, zone }: { exclusion: ExclusionVersion; at: number; zone: Zone }) {
  return (
    <div role="alert" className="rounded-1 border border-l-4 border-warn-fill bg-warn-tint px-3 py-2.5">
      <b>This exclusion was withdrawn.</b>
      <p className="text-ink-2">
        {exclusion.updatedByName}, {formatDateTime(at, zone, serverNow())}. Its time counts again, and it cannot be
        changed any more. What stands here can be excluded anew.
      </p>
    </div>
  );
}

function Conflict({ message, onTheirs, onMine }: { message: string; onTheirs(): void; onMine(): void }) {
  return (
    <div role="alert" className="rounded-1 border border-l-4 border-warn-fill bg-warn-tint px-3 py-2.5">
      <b>Somebody else changed it meanwhile.</b>
      <p className="text-ink-2">{message} What you typed is still here.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="s" onClick={onTheirs}>
          Take theirs into the form
        </Button>
        <Button size="s" onClick={onMine}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
