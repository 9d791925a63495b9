import { ActDialog } from '../../../lib/act-dialog.tsx';
import { CostSentence } from './cost-sentence.tsx';
import { WaitingDialog, type KeyDialogProps } from './revoke-dialog.tsx';
import { useEndingMutations, useEndingPreview } from './use-ending.ts';

/** Stops a key until it is released. */
export function QuarantineDialog({ keyId, onClose }: KeyDialogProps) {
  const query = useEndingPreview(keyId);
  const { quarantine } = useEndingMutations();
  const preview = query.data;
  if (preview === undefined) return <WaitingDialog title="Quarantine the key" query={query} onClose={onClose} />;
  return (
    <ActDialog
      title={`Quarantine ${preview.name}?`}
      cost={
        <>
          <CostSentence preview={preview} /> It opens nothing from then on, until somebody releases it.
        </>
      }
      confirmLabel="Quarantine key"
      onAct={(reason) => quarantine.mutateAsync({ id: keyId, reason })}
      onClose={onClose}
    />
  );
}

/** Lets a quarantined key work again. */
export function ReleaseDialog({ keyId, onClose }: KeyDialogProps) {
  const query = useEndingPreview(keyId);
  const { release } = useEndingMutations();
  const preview = query.data;
  if (preview === undefined) return <WaitingDialog title="Release the key" query={query} onClose={onClose} />;
  return (
    <ActDialog
      title={`Release ${preview.name}?`}
      cost="Whoever holds the key can use it again at once. Release it only if nobody else can have it."
      confirmLabel="Release key"
      danger={false}
      onAct={(reason) => release.mutateAsync({ id: keyId, reason })}
      onClose={onClose}
    />
  );
}
