import type { ApprovalNotice } from '@qd/shared/approvals';
import { permissionDiff, type RoleDetail } from '@qd/shared/roles';
import { useState, type FormEvent } from 'react';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { serverNow } from '../../../lib/clock.ts';
import { ReasonField } from '../../../lib/reason-field.tsx';
import { Button } from '../../../ui/button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { FormFailure, SaveLine } from '../form-parts.tsx';
import { PermissionDiff } from '../permission-diff.tsx';
import { sentenceOf } from '../person/rights.ts';
import { ChangePreview } from './change-preview.tsx';
import { draftFaults, refusedFaults, type RoleDraft } from './role-draft.ts';
import { RoleFields } from './role-fields.tsx';
import { useRoleMutations } from './use-roles.ts';

function draftOf({ title, description, permissions }: RoleDetail): RoleDraft {
  return { title, description, permissions, reason: '' };
}

/** Changes a role made here; shows before saving what it adds, removes and whom it touches. */
export function EditRole({ role, onDone }: { role: RoleDetail; onDone(): void }) {
  const toasts = useToasts();
  const { update } = useRoleMutations();
  const [seen, setSeen] = useState(role);
  const [draft, setDraft] = useState(() => draftOf(role));
  const [tried, setTried] = useState(false);
  const [approval, setApproval] = useState<ApprovalNotice | null>(null);
  const faults = { ...refusedFaults(update.error), ...(tried ? draftFaults(draft) : {}) };
  const isOld = seen.version !== role.version;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isOld || Object.keys(draftFaults(draft)).length > 0) return;
    const outcome = await update.mutateAsync({ ...draft, id: role.id, version: seen.version }).catch(() => null);
    if (outcome === null) return;
    if (outcome.approval !== null) return setApproval(outcome.approval);
    toasts.show({ message: `${draft.title.trim()} was changed.` });
    onDone();
  };
  const take = (theirs: boolean): void => {
    setSeen(role);
    if (theirs) setDraft({ ...draftOf(role), reason: draft.reason });
    update.reset();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3" aria-label="Change the role">
      {isOld && <ChangedMeanwhile seen={seen} role={role} onTake={take} />}
      <RoleFields draft={draft} faults={faults} onChange={setDraft} />
      <ChangePreview role={role} permissions={draft.permissions} />
      <ReasonField value={draft.reason} onChange={(reason) => setDraft({ ...draft, reason })} tried={tried} />
      {!isOld && <FormFailure error={update.error} />}
      {approval !== null && <ApprovalNote approval={approval} now={serverNow()} />}
      <SaveLine label="Save role" pending={update.isPending} onUndo={onDone} />
    </form>
  );
}

interface ChangedProps {
  seen: RoleDetail;
  role: RoleDetail;
  onTake(theirs: boolean): void;
}

function ChangedMeanwhile({ seen, role, onTake }: ChangedProps) {
  return (
    <div role="alert" className="border-l-3 border-warn-fill bg-warn-tint px-2.5 py-2">
      <p className="font-semibold">Somebody changed this role meanwhile.</p>
      <p>
        {seen.title === role.title ? '' : `It is now called ${role.title}. `}
        What you wrote is still below; nothing was saved.
      </p>
      <div className="my-2">
        <PermissionDiff {...permissionDiff(seen.permissions, role.permissions)} sentenceOf={sentenceOf} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="s" onClick={() => onTake(false)}>
          Keep mine
        </Button>
        <Button size="s" onClick={() => onTake(true)}>
          Take theirs
        </Button>
      </div>
    </div>
  );
}
