import type { RotationBoard } from '@qd/shared/api-keys';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { formatCount } from '../../../lib/format.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useRotationMutations } from './use-rotation.ts';

/** Calls a rotation off: the old key goes on, the new one is revoked. */
export function CancelRotationDialog({ board, onClose }: { board: RotationBoard; onClose(): void }) {
  const toasts = useToasts();
  const { cancel } = useRotationMutations();
  const [isAgreed, setAgreed] = useState(false);
  const isUsed = board.successor.firstUsedAt !== null;
  const calls = board.consumers.reduce((sum, one) => sum + one.newLastHour, 0);
  return (
    <ActDialog
      title={`Call the rotation of ${board.old.name} off?`}
      cost={
        isUsed
          ? `The new key is in use: ${formatCount(calls)} calls of named consumers in the last hour would be refused from now on. It cannot be brought back.`
          : 'The new key is revoked and cannot be brought back; nobody has used it. The old key goes on as before.'
      }
      confirmLabel="Call off"
      keepLabel="Keep rotating"
      missing={isUsed && !isAgreed ? 'Confirm that the new key is to stop.' : null}
      onAct={async (reason) => {
        await cancel.mutateAsync({ keyId: board.old.id, reason, successorInUse: isAgreed });
        toasts.show({ message: `The rotation of ${board.old.name} is called off.`, glyph: 'done' });
      }}
      onClose={onClose}
    >
      {isUsed && (
        <Checkbox
          label="The new key is to stop although it is used"
          checked={isAgreed}
          onChange={(event) => setAgreed(event.target.checked)}
        />
      )}
    </ActDialog>
  );
}
