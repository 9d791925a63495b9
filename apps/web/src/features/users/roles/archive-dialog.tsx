import type { RoleDetail } from '@qd/shared/roles';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useRoleMutations } from './use-roles.ts';

export interface ArchiveDialogProps {
  role: RoleDetail;
  onDone(): void;
  onClose(): void;
}

/** Asks before a role that nobody holds is put away. */
export function ArchiveDialog({ role, onDone, onClose }: ArchiveDialogProps) {
  const { archive } = useRoleMutations();
  const toasts = useToasts();
  return (
    <ActDialog
      title={`Archive ${role.title}?`}
      cost="Nobody holds it. It can no longer be given, and does not come back; what it was stays in the audit log."
      confirmLabel="Archive role"
      onAct={async (reason) => {
        await archive.mutateAsync({ id: role.id, version: role.version, reason });
        toasts.show({ message: `${role.title} is archived.` });
        onDone();
      }}
      onClose={onClose}
    />
  );
}
