import { MANY_PEOPLE } from '@qd/shared/approvals';
import { MAX_BULK_PEOPLE, type BulkAct, type DirectoryRow } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { useUser } from '../../../lib/session.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { usePersonMutations } from '../use-users-mutations.ts';
import { bulkTitle, bulkWords, peopleWords, refusalOf } from './bulk-words.ts';

type BulkResult = NonNullable<ReturnType<typeof usePersonMutations>['bulk']['data']>;

export interface BulkDialogProps {
  act: BulkAct;
  ids: readonly string[];
  rows: readonly DirectoryRow[];
  now: number;
  onDone(): void;
  onClose(): void;
}

/** Asks before an act on many: who would be refused is named first, and afterwards what became of each. */
export function BulkDialog({ act, ids, rows, now, onDone, onClose }: BulkDialogProps) {
  const me = useUser();
  const { bulk } = usePersonMutations();
  const [result, setResult] = useState<BulkResult | null>(null);
  const nameOf = (id: string) => rows.find((row) => row.id === id)?.name ?? id;
  const refused = rows
    .filter((row) => ids.includes(row.id))
    .flatMap((row) => {
      const why = refusalOf(row, act, me.id);
      return why === null ? [] : [{ id: row.id, name: row.name, why }];
    });
  const fit = ids.filter((id) => refused.every((one) => one.id !== id));
  const { verb, cost, danger } = bulkWords[act];
  const close = () => {
    if (result !== null) onDone();
    onClose();
  };
  if (result !== null) {
    return <Outcome verb={verb} result={result} now={now} nameOf={nameOf} onClose={close} />;
  }
  if (fit.length === 0 || fit.length > MAX_BULK_PEOPLE) {
    const why =
      fit.length === 0
        ? 'Nobody of those chosen can be acted on this way.'
        : `Choose at most ${MAX_BULK_PEOPLE} people.`;
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`${verb}: not possible`}
        description={why}
        footer={<Button onClick={onClose}>Close</Button>}
      >
        <Refused refused={refused} />
      </Dialog>
    );
  }
  const many = danger && act !== 'end_sessions' && fit.length > MANY_PEOPLE;
  return (
    <ActDialog
      title={bulkTitle(act, fit.length)}
      cost={many ? `${cost} More than ${MANY_PEOPLE} people at once: somebody else has to approve it first.` : cost}
      confirmLabel={verb}
      danger={danger}
      onAct={async (reason) => setResult(await bulk.mutateAsync({ act, ids: [...fit], reason }))}
      // The answer takes the place of the question.
      onClose={() => undefined}
      onCancel={onClose}
    >
      <Refused refused={refused} />
    </ActDialog>
  );
}

function Refused({ refused }: { refused: readonly { id: string; name: string; why: string }[] }) {
  if (refused.length === 0) return null;
  return (
    <div className="mb-3 border-l-3 border-warn-fill bg-sunken px-2.5 py-2">
      <p className="font-semibold">{`${peopleWords(refused.length)} left out`}</p>
      <ul className="max-h-32 overflow-y-auto" tabIndex={0} aria-label="Left out">
        {refused.map((one) => (
          <li key={one.id}>
            {one.name}: {one.why}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface OutcomeProps {
  verb: string;
  result: BulkResult;
  now: number;
  nameOf(id: string): string;
  onClose(): void;
}

/** What became of each; who was refused comes with the server's reason. */
function Outcome({ verb, result, now, nameOf, onClose }: OutcomeProps) {
  const done = result.outcomes.filter((one) => one.done).length;
  const refused = result.outcomes.filter((one) => !one.done);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={result.approval === null ? `${verb}: done for ${peopleWords(done)}` : `${verb}: waits for approval`}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {result.approval !== null && <ApprovalNote approval={result.approval} now={now} />}
      {result.approval === null && refused.length === 0 && <p>Nobody was refused.</p>}
      {refused.length > 0 && (
        <ul role="status" aria-label="Refused" className="grid gap-1">
          {refused.map((one) => (
            <li key={one.id}>
              <b>{nameOf(one.id)}</b>: {one.message}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
