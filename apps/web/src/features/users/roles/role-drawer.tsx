import type { RoleDetail } from '@qd/shared/roles';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';
import { EditRole } from './edit-role.tsx';
import { RoleBody } from './role-body.tsx';

export interface RoleDrawerProps {
  id: string;
  isEditing: boolean;
  onEdit(edits: boolean): void;
  onClone(base: string): void;
  onClose(): void;
}

/** One role over the matrix: what it gives, who holds it, and the ways to copy, change or archive it. */
export function RoleDrawer({ id, isEditing, onEdit, onClone, onClose }: RoleDrawerProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.roles.get.queryOptions({ id }));
  const [isArchiving, setIsArchiving] = useState(false);
  const role = query.data;
  const edits = isEditing && role?.may.edit === true;
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={role === undefined ? 'Role' : edits ? `Change ${role.title}` : role.title}
      size="wide"
      footer={
        role !== undefined &&
        !edits && (
          <Acts role={role} onEdit={() => onEdit(true)} onClone={onClone} onArchive={() => setIsArchiving(true)} />
        )
      }
    >
      {role === undefined && <Missing query={query} />}
      {role !== undefined && !edits && <RoleBody role={role} />}
      {role !== undefined && edits && <EditRole role={role} onDone={() => onEdit(false)} />}
      {role !== undefined && isArchiving && (
        <ArchiveDialog role={role} onDone={onClose} onClose={() => setIsArchiving(false)} />
      )}
    </Drawer>
  );
}

function Missing({ query }: { query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> } }) {
  if (query.error !== null) return <ReadTrouble title="This role did not load." query={query} />;
  return (
    <Delayed words="Reading the role…">
      <SkeletonRows rows={8} rowHeight="30px" widths={['30%', '50%']} />
    </Delayed>
  );
}

interface ActsProps {
  role: RoleDetail;
  onEdit(): void;
  onClone(base: string): void;
  onArchive(): void;
}

function Acts({ role, onEdit, onClone, onArchive }: ActsProps) {
  const mayWrite = useCan()('roles:write');
  const lacking = mayWrite ? undefined : 'Your role does not make or change roles. Owners and admins can.';
  const holders = role.holders === 1 ? '1 person holds it' : `${role.holders} people hold it`;
  const held = role.holders === 0 ? undefined : `${holders}. Take it back from them first; they are listed above.`;
  return (
    <>
      {!role.isBuiltIn && !role.isArchived && (
        <Button
          variant="danger"
          className="mr-auto"
          disabledReason={lacking ?? (role.may.archive ? undefined : held)}
          onClick={onArchive}
        >
          Archive role
        </Button>
      )}
      <Button icon="copy" disabledReason={lacking} onClick={() => onClone(role.id)}>
        Clone role
      </Button>
      {!role.isArchived && (
        <Button
          icon="pencil"
          disabledReason={role.isBuiltIn ? 'Built-in roles stay as they are. Clone it and change the copy.' : lacking}
          onClick={onEdit}
        >
          Change role
        </Button>
      )}
    </>
  );
}
