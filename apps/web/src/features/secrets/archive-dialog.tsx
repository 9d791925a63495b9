import type { SecretView } from '@qd/shared/secrets';
import { useState } from 'react';
import { describeError } from '../../lib/errors.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useSecretMutations } from './use-secrets.ts';

/** Asks before a secret leaves the register. */
export function ArchiveDialog({ secret, onClose, onDone }: { secret: SecretView; onClose(): void; onDone(): void }) {
  const { archive } = useSecretMutations();
  const toasts = useToasts();
  // What the reader saw when they decided; a colleague's change meanwhile is told, not written over.
  const [{ id, name, updatedAt }] = useState(secret);
  const failure = archive.error === null ? null : describeError(archive.error);
  const confirm = () => {
    // Callbacks of `mutate` would be lost: the row leaves the list, and this dialog with it, before they run.
    archive.mutateAsync({ id, seenAt: updatedAt }).then(
      () => {
        onDone();
        toasts.show({ message: 'The secret is archived.', detail: name });
      },
      () => undefined,
    );
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Archive ${name}?`}
      cost="Nobody is told any more when it is due. Its history stays, and the name can be entered again."
      confirmLabel="Archive"
      pending={archive.isPending}
      error={failure === null ? null : `${failure.message} ${failure.remedy}`}
      onConfirm={confirm}
    />
  );
}
