import type { ApprovalNotice } from '@qd/shared/approvals';
import type { ImportMode, ImportView } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { formatCount } from '../../../lib/format.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { commitLabel, commitSentence, mailSentence, noMailReason } from './import-words.ts';
import { useImportMutations } from './use-imports.ts';

const modes = [
  { value: 'all', label: 'Do nothing' },
  { value: 'valid', label: 'Leave it out' },
] as const;

interface CommitDialogProps {
  view: ImportView;
  onApproval(approval: ApprovalNotice | null): void;
  onClose(): void;
}

/** Asks before a file is imported: what happens to rows that have become wrong, and whether people are invited. */
export function CommitDialog({ view, onApproval, onClose }: CommitDialogProps) {
  const { commit } = useImportMutations();
  const can = useCan();
  const [invites, setInvites] = useState(false);
  const [chosen, setChosen] = useState<ImportMode>('all');
  const noMail = noMailReason(view, can('users:invite'));
  const hasWrong = view.errorCount > 0;
  const mode = hasWrong ? 'valid' : chosen;
  const act = async (reason: string) => {
    const { approval } = await commit.mutateAsync({ id: view.id, mode, reason, sendInvitations: invites });
    onApproval(approval);
  };
  return (
    <ActDialog
      title={`${commitLabel(view)} of ${view.fileName}?`}
      cost={commitSentence(view)}
      confirmLabel={commitLabel(view)}
      danger={false}
      onAct={act}
      onClose={onClose}
    >
      {!hasWrong && (
        <div className="mb-3 grid gap-1.5">
          <span className="text-small font-strong" aria-hidden="true">
            If a row has become wrong since it was checked
          </span>
          <Segmented
            label="If a row has become wrong since it was checked"
            value={chosen}
            onChange={setChosen}
            options={modes}
          />
        </div>
      )}
      {view.createCount > 0 && (
        <Checkbox
          className="mb-3"
          label={`Invite ${view.createCount === 1 ? 'the new person' : `the ${formatCount(view.createCount)} new people`} by mail`}
          hint={noMail ?? mailSentence(view)}
          checked={invites}
          disabled={noMail !== null}
          onChange={(event) => setInvites(event.target.checked)}
        />
      )}
    </ActDialog>
  );
}
