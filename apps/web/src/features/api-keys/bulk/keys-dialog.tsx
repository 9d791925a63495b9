import type { KeyListRow } from '@qd/shared/api-keys';
import { BulkDialog, type BulkResult } from '../../../lib/bulk-dialog.tsx';
import { useEndingMutations } from '../ending/use-ending.ts';
import { useRotationMutations } from '../rotation/use-rotation.ts';
import { bulkWords, costInCalls, keysWords, refusalOf, type ListAct } from './bulk-words.ts';

export interface KeysDialogProps {
  act: ListAct;
  ids: readonly string[];
  rows: readonly KeyListRow[];
  onDone(): void;
  onClose(): void;
}

function useBulk(act: ListAct, nameOf: (id: string) => string | undefined) {
  const { remindMany } = useRotationMutations();
  const { revokeMany } = useEndingMutations();
  return async (ids: string[], reason: string): Promise<BulkResult> => {
    if (act === 'revoke') {
      const [first = ''] = ids;
      const single = ids.length === 1 ? { typedName: nameOf(first) ?? '' } : {};
      const ended = await revokeMany.mutateAsync({ ids, reason, ...single });
      return { outcomes: ended.map(({ id, isEnded, message }) => ({ id, message: isEnded ? null : message })) };
    }
    const { keys } = await remindMany.mutateAsync({ keyIds: ids });
    return { outcomes: keys.map(({ keyId, fault }) => ({ id: keyId, message: fault })) };
  };
}

/** Asks before an act on many keys that the list alone can judge. */
export function KeysDialog({ act, ids, rows, onDone, onClose }: KeysDialogProps) {
  const run = useBulk(act, (id) => rows.find((row) => row.id === id)?.name);
  const { verb, cost, danger, most } = bulkWords[act];
  const chosen = rows.filter((row) => ids.includes(row.id));
  const isRevoke = act === 'revoke';
  return (
    <BulkDialog
      verb={verb}
      danger={danger}
      most={most}
      ids={ids}
      chosen={chosen.map((row) => ({ id: row.id, name: row.name, refusal: refusalOf(row, act) }))}
      words={keysWords}
      title={(count) => (isRevoke ? `Revoke ${keysWords(count)}?` : `Remind the consumers of ${keysWords(count)}?`)}
      cost={(fit) => {
        const calls = isRevoke ? costInCalls(chosen.filter((row) => fit.includes(row.id))) : null;
        return calls === null ? cost : `${calls} ${cost}`;
      }}
      asksReason={isRevoke}
      typesCount={isRevoke}
      onAct={run}
      onDone={onDone}
      onClose={onClose}
    />
  );
}
