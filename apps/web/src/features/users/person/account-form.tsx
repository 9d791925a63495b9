import type { ApprovalNotice } from '@qd/shared/approvals';
import { platformRoleChange, platformRoles, type MembershipView, type PersonView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { ReasonField } from '../../../lib/reason-field.tsx';
import { isReason } from '../../../lib/reason.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { FormFailure, SaveLine } from '../form-parts.tsx';
import { PermissionDiff } from '../permission-diff.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRightsMutations } from '../use-users-mutations.ts';

export interface AccountFormProps {
  person: PersonView;
  /** The account to change; null adds one. */
  account: MembershipView | null;
  onAsked(approval: ApprovalNotice): void;
  onClose(): void;
}

/** Changes somebody's role on a platform; what that adds and removes is shown before it is saved. */
export function AccountForm({ person, account, onAsked, onClose }: AccountFormProps) {
  const { list, nameOf } = usePlatformNames();
  const toasts = useToasts();
  const { assign } = useRightsMutations();
  const free = list.filter(({ id }) => person.memberships.every((one) => one.platform !== id));
  const [chosen, setChosen] = useState('');
  const platform = account?.platform ?? (chosen === '' ? (free[0]?.id ?? '') : chosen);
  const [role, setRole] = useState(account?.role ?? '');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const from = account === null ? null : account.role;
  const isSame = role === (from ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (role === '' || isSame || !isReason(reason)) return;
    assign
      .mutateAsync({ id: person.id, platform, role, reason: reason.trim(), seenAt: account?.updatedAt ?? null })
      .then(
        ({ approval }) => {
          if (approval === null) toasts.show({ message: `${person.name} is now ${role} on ${nameOf(platform)}.` });
          else onAsked(approval);
          onClose();
        },
        () => undefined,
      );
  };
  return (
    <form onSubmit={submit} className="mt-2 grid gap-3" aria-label="Role on a platform">
      {account === null && (
        <PlatformField
          platforms={free}
          value={platform}
          onChange={(next) => {
            setChosen(next);
            setRole('');
          }}
        />
      )}
      <Field label={`${nameOf(platform)} role`} required error={tried && isSame ? 'Choose another role.' : undefined}>
        <Select value={role} onChange={(event) => setRole(event.target.value)}>
          {account === null && <option value="">Choose</option>}
          {platformRoles(platform).map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </Select>
      </Field>
      {role !== '' && !isSame && <PermissionDiff {...platformRoleChange(platform, { from, to: role })} />}
      <ReasonField value={reason} onChange={setReason} tried={tried} />
      <FormFailure error={assign.error} />
      <SaveLine label="Save role" pending={assign.isPending} onUndo={onClose} />
    </form>
  );
}

interface PlatformFieldProps {
  platforms: readonly { id: string; name: string }[];
  value: string;
  onChange(platform: string): void;
}

function PlatformField({ platforms, value, onChange }: PlatformFieldProps) {
  return (
    <Field label="Platform">
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {platforms.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
