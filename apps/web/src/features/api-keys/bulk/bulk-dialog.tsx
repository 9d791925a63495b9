import type { KeyListRow } from '@qd/shared/api-keys';
import { actReason } from '@qd/shared/users';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { bulkWords, costInCalls, keysWords, refusalOf, type BulkAct } from './bulk-words.ts';

export interface BulkDialogProps {
  act: BulkAct;
  ids: readonly string[];
  rows: readonly KeyListRow[];
  onDone(): void;
  onClose(): void;
}

/** What became of one key; `message` says why nothing did. */
interface Outcome {
  id: string;
  message: string | null;
}

function useBulk(act: BulkAct) {
  const trpc = useTRPC();
  const client = useQueryClient();
  // Not waited for: what became of the keys is known before the page has read everything again.
  const onSettled = () => void client.invalidateQueries(trpc.apiKeys.pathFilter());
  const revoke = useMutation(trpc.apiKeys.ending.revokeMany.mutationOptions({ onSettled }));
  const remind = useMutation(trpc.apiKeys.rotation.remindMany.mutationOptions({ onSettled }));
  const run = async (ids: string[], reason: string): Promise<Outcome[]> => {
    if (act === 'revoke') {
      const ended = await revoke.mutateAsync({ ids, reason });
      return ended.map(({ id, isEnded, message }) => ({ id, message: isEnded ? null : message }));
    }
    const { keys } = await remind.mutateAsync({ keyIds: ids });
    return keys.map(({ keyId, fault }) => ({ id: keyId, message: fault }));
  };
  return { run, isPending: revoke.isPending || remind.isPending };
}

/** Asks before an act on many keys: who is left out is named first, and afterwards what became of each. */
export function BulkDialog({ act, ids, rows, onDone, onClose }: BulkDialogProps) {
  const { run, isPending } = useBulk(act);
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const chosen = rows.filter((row) => ids.includes(row.id));
  const leftOut = chosen.flatMap((row) => {
    const why = refusalOf(row, act);
    return why === null ? [] : [{ id: row.id, name: row.name, why }];
  });
  const fit = ids.filter((id) => leftOut.every((one) => one.id !== id));
  const { verb, cost, danger, most } = bulkWords[act];
  const nameOf = (id: string) => rows.find((row) => row.id === id)?.name ?? id;
  if (outcomes !== null) return <Outcomes {...{ verb, outcomes, nameOf }} onClose={() => (onDone(), onClose())} />;
  if (fit.length === 0 || fit.length > most) {
    const why = fit.length === 0 ? 'None of the keys chosen can be acted on this way.' : `Choose at most ${most} keys.`;
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`${verb}: not possible`}
        description={why}
        footer={<Button onClick={onClose}>Close</Button>}
      >
        <LeftOut keys={leftOut} />
      </Dialog>
    );
  }
  const confirm = async () => {
    if (act === 'revoke' && !actReason.safeParse(reason).success) {
      setError('Say why, in 3 to 500 characters.');
      return;
    }
    setError(null);
    try {
      setOutcomes(await run([...fit], reason.trim()));
    } catch (failure) {
      const { message, remedy } = describeError(failure);
      setError(`${message} ${remedy}`);
    }
  };
  const calls = act === 'revoke' ? costInCalls(chosen.filter((row) => fit.includes(row.id))) : null;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={
        act === 'revoke' ? `Revoke ${keysWords(fit.length)}?` : `Remind the consumers of ${keysWords(fit.length)}?`
      }
      cost={calls === null ? cost : `${calls} ${cost}`}
      confirmLabel={verb}
      keepLabel="Cancel"
      danger={danger}
      pending={isPending}
      error={error}
      onConfirm={() => void confirm()}
      {...(act === 'revoke' && { typeName: keysWords(fit.length) })}
    >
      <LeftOut keys={leftOut} />
      {act === 'revoke' && (
        <Field label="Reason, kept in the audit log" required className="mb-3">
          <Input
            value={reason}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      )}
    </ConfirmDialog>
  );
}

function LeftOut({ keys }: { keys: readonly { id: string; name: string; why: string }[] }) {
  if (keys.length === 0) return null;
  return (
    <div className="mb-3 border-l-3 border-warn-fill bg-sunken px-2.5 py-2">
      <p className="font-semibold">{`${keysWords(keys.length)} left out`}</p>
      <ul className="max-h-32 overflow-y-auto" tabIndex={0} aria-label="Left out">
        {keys.map((one) => (
          <li key={one.id}>
            {one.name}: {one.why}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface OutcomesProps {
  verb: string;
  outcomes: readonly Outcome[];
  nameOf(id: string): string;
  onClose(): void;
}

function Outcomes({ verb, outcomes, nameOf, onClose }: OutcomesProps) {
  const refused = outcomes.filter((one) => one.message !== null);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${verb}: done for ${formatCount(outcomes.length - refused.length)} of ${keysWords(outcomes.length)}`}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {refused.length === 0 ? (
        <p>None was refused.</p>
      ) : (
        <ul role="status" aria-label="Not done" className="grid gap-1">
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
