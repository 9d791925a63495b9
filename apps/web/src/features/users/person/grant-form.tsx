import type { ApprovalNotice } from '@qd/shared/approvals';
import type { PersonView } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { ReasonField } from '../../../lib/reason-field.tsx';
import { isReason } from '../../../lib/reason.ts';
import { useUser } from '../../../lib/session.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { endOfDay } from '../day-end.ts';
import { FormFailure, SaveLine } from '../form-parts.tsx';
import { PermissionDiff } from '../permission-diff.tsx';
import { usePlatformNames } from '../use-platform-names.ts';
import { useRoleChoices } from '../use-role-choices.ts';
import { useRightsMutations } from '../use-users-mutations.ts';
import { addedBy, mayGive, sentenceOf } from './rights.ts';

export interface GrantFormProps {
  person: PersonView;
  /** Somebody else has to agree first. */
  onAsked(approval: ApprovalNotice): void;
  onClose(): void;
}

/** Gives a role of the console; what it adds is shown before it is saved. */
export function GrantForm({ person, onAsked, onClose }: GrantFormProps) {
  const me = useUser();
  const { zone } = useTimeZone();
  const toasts = useToasts();
  const choices = useRoleChoices();
  const { list: platforms, nameOf } = usePlatformNames();
  const { grant } = useRightsMutations();
  const [role, setRole] = useState('');
  const [platform, setPlatform] = useState('*');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const diff = role === '' ? null : addedBy(person.grants, { role, platform }, choices);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (role === '' || !isReason(reason)) return;
    const expiresAt = until === '' ? null : endOfDay(until, zone);
    grant.mutateAsync({ userId: person.id, role, platform, reason: reason.trim(), expiresAt }).then(
      ({ approval }) => {
        if (approval === null) {
          const title = choices.find((choice) => choice.id === role)?.title ?? role;
          toasts.show({ message: `${person.name} is now ${title}.`, detail: `On ${nameOf(platform)}.` });
        } else onAsked(approval);
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <form onSubmit={submit} className="mt-2 grid gap-3" aria-label="Give a role">
      <Field label="Role" required error={tried && role === '' ? 'Choose a role.' : undefined}>
        <Select value={role} onChange={(event) => setRole(event.target.value)}>
          <option value="">Choose</option>
          {choices.map((choice) => {
            const isMine = mayGive(me.grants, choice, platform);
            return (
              <option key={choice.id} value={choice.id} disabled={!isMine}>
                {isMine ? choice.title : `${choice.title} (more than you hold)`}
              </option>
            );
          })}
        </Select>
      </Field>
      <Field label="Where">
        <Select value={platform} onChange={(event) => setPlatform(event.target.value)}>
          <option value="*">All platforms</option>
          {platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Ends after" hint={`Leave empty to keep it until it is taken back. ${zone.label}.`}>
        <Input type="date" value={until} onChange={(event) => setUntil(event.target.value)} />
      </Field>
      {diff !== null && <PermissionDiff {...diff} sentenceOf={sentenceOf} />}
      <ReasonField value={reason} onChange={setReason} tried={tried} />
      <FormFailure error={grant.error} />
      <SaveLine label="Save role" pending={grant.isPending} onUndo={onClose} />
    </form>
  );
}
