import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useDefinitionMutations } from '../use-slo-mutations.ts';

export interface ArchiveDialogProps {
  slo: { id: string; name: string };
  onClose(): void;
  onArchived(): void;
}

/** Takes an objective out of use. What it measured and who defined it stay on record. */
export function ArchiveDialog({ slo, onClose, onArchived }: ArchiveDialogProps) {
  const { archive } = useDefinitionMutations();
  const toasts = useToasts();
  const [reason, setReason] = useState('');
  const failure = archive.error === null ? null : describeError(archive.error);
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Archive ${slo.name}?`}
      cost="It is no longer measured, its alerts end and it leaves all lists. Its revisions and figures stay on record."
      confirmLabel="Archive SLO"
      pending={archive.isPending}
      error={failure === null ? null : `${failure.message} ${failure.remedy}`}
      onConfirm={() =>
        archive.mutate(
          { id: slo.id, reason: reason.trim() },
          {
            onSuccess: () => {
              toasts.show({ message: `${slo.name} is archived.` });
              onArchived();
            },
          },
        )
      }
    >
      <Field label="Reason" aside="optional" hint="It is written to the audit log.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
