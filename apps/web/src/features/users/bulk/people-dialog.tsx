import { MANY_PEOPLE } from '@qd/shared/approvals';
import { MAX_BULK_PEOPLE, type BulkAct, type DirectoryRow } from '@qd/shared/users';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { BulkDialog } from '../../../lib/bulk-dialog.tsx';
import { useUser } from '../../../lib/session.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';
import { bulkTitle, bulkWords, peopleWords, refusalOf } from './bulk-words.ts';

export interface PeopleDialogProps {
  act: BulkAct;
  ids: readonly string[];
  rows: readonly DirectoryRow[];
  now: number;
  onDone(): void;
  onClose(): void;
}

/** Asks before an act on many people. More than a few wait for somebody else to approve it. */
export function PeopleDialog({ act, ids, rows, now, onDone, onClose }: PeopleDialogProps) {
  const me = useUser();
  const { bulk } = usePersonMutations();
  const { verb, cost, danger } = bulkWords[act];
  const waits = (count: number) => danger && act !== 'end_sessions' && count > MANY_PEOPLE;
  const approval = `More than ${MANY_PEOPLE} people at once: somebody else has to approve it first.`;
  const chosen = rows
    .filter((row) => ids.includes(row.id))
    .map((row) => ({ id: row.id, name: row.name, refusal: refusalOf(row, act, me.id) }));
  return (
    <BulkDialog
      verb={verb}
      danger={danger}
      most={MAX_BULK_PEOPLE}
      ids={ids}
      chosen={chosen}
      words={peopleWords}
      title={(count) => bulkTitle(act, count)}
      cost={(fit) => (waits(fit.length) ? `${cost} ${approval}` : cost)}
      onAct={async (fit, reason) => {
        const result = await bulk.mutateAsync({ act, ids: fit, reason });
        const outcomes = result.outcomes.map(({ id, done, message }) => ({ id, message: done ? null : message }));
        if (result.approval === null) return { outcomes };
        return { outcomes, instead: 'waits for approval', note: <ApprovalNote approval={result.approval} now={now} /> };
      }}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
