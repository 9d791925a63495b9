import { permissionDiff } from '@qd/shared/roles';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { ReasonField } from '../../../lib/reason-field.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Drawer } from '../../../ui/drawer.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { FormFailure, SaveLine } from '../form-parts.tsx';
import { PermissionDiff } from '../permission-diff.tsx';
import { sentenceOf, type RoleChoice } from '../person/rights.ts';
import { draftFaults, refusedFaults, type RoleDraft } from './role-draft.ts';
import { RoleFields } from './role-fields.tsx';
import { useRoleMutations } from './use-roles.ts';

export interface NewRoleDrawerProps {
  /** The role to begin from. */
  base: string;
  onBase(base: string): void;
  /** With the id of the role that was made, or null. */
  onClose(made: string | null): void;
}

/** A new role, begun as a copy of another. */
export function NewRoleDrawer({ base, onBase, onClose }: NewRoleDrawerProps) {
  const trpc = useTRPC();
  const query = useQuery(trpc.roles.list.queryOptions());
  const roles = query.data?.filter((role) => !role.isArchived);
  const from = roles?.find((role) => role.id === base);
  return (
    <Drawer open onOpenChange={(open) => !open && onClose(null)} title="New role" size="wide">
      {roles === undefined && query.error === null && <SkeletonRows rows={8} rowHeight="30px" />}
      {roles === undefined && query.error !== null && <ReadTrouble title="The roles did not load." query={query} />}
      {roles !== undefined && (
        <div className="grid gap-3">
          <Field label="Begin with a copy of">
            <Select value={from?.id ?? ''} onChange={(event) => onBase(event.target.value)}>
              {from === undefined && <option value="">Choose a role</option>}
              {roles.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
          {from !== undefined && <NewRoleForm key={from.id} base={from} onClose={onClose} />}
        </div>
      )}
    </Drawer>
  );
}

function NewRoleForm({ base, onClose }: { base: RoleChoice; onClose(made: string | null): void }) {
  const can = useCan();
  const toasts = useToasts();
  const { create } = useRoleMutations();
  const [draft, setDraft] = useState<RoleDraft>(() => ({
    title: '',
    description: '',
    permissions: base.permissions.filter((permission) => can(permission)),
    reason: '',
  }));
  const [tried, setTried] = useState(false);
  const faults = { ...refusedFaults(create.error), ...(tried ? draftFaults(draft) : {}) };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(draftFaults(draft)).length > 0) return;
    const made = await create.mutateAsync({ ...draft, base: base.id }).catch(() => null);
    if (made === null) return;
    toasts.show({ message: `${made.title} was made.`, detail: 'Nobody holds it yet.' });
    onClose(made.id);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3" aria-label="New role">
      <RoleFields draft={draft} faults={faults} onChange={setDraft} />
      <div>
        <p className="mb-1 text-small text-ink-3">Against {base.title}</p>
        <PermissionDiff {...permissionDiff(base.permissions, draft.permissions)} sentenceOf={sentenceOf} />
      </div>
      <ReasonField value={draft.reason} onChange={(reason) => setDraft({ ...draft, reason })} tried={tried} />
      <FormFailure error={create.error} />
      <SaveLine label="Make role" pending={create.isPending} onUndo={() => onClose(null)} />
    </form>
  );
}
