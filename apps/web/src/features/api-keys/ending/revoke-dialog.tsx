import { ActDialog } from '../../../lib/act-dialog.tsx';
import { describeError } from '../../../lib/errors.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { CostSentence } from './cost-sentence.tsx';
import { useEndingMutations, useEndingPreview } from './use-ending.ts';

export interface KeyDialogProps {
  keyId: string;
  onClose(): void;
}

/** Ends a key for ever: says who would be refused, and has its name typed. */
export function RevokeDialog({ keyId, onClose }: KeyDialogProps) {
  const query = useEndingPreview(keyId);
  const { revoke } = useEndingMutations();
  const preview = query.data;
  if (preview === undefined) return <WaitingDialog title="Revoke the key" query={query} onClose={onClose} />;
  const { name, rotation } = preview;
  const isOld = rotation?.role === 'old';
  const verb = isOld ? 'End old key' : 'Revoke key';
  return (
    <ActDialog
      title={isOld ? `End the old key of ${name}?` : `Revoke ${name}?`}
      cost={
        <>
          <CostSentence preview={preview} /> Ending a key cannot be undone.
          {rotation?.role === 'successor' && ` ${rotation.otherName}, the old key, works on until its own end.`}
        </>
      }
      confirmLabel={verb}
      keepLabel="Keep it"
      typeName={name}
      onAct={(reason) => revoke.mutateAsync({ id: keyId, reason, typedName: name })}
      onClose={onClose}
    >
      <Breaking callers={preview.callers} more={preview.callersMore} />
    </ActDialog>
  );
}

/** What stands there until the cost is known, or when it did not load. */
export function WaitingDialog({
  title,
  query,
  onClose,
}: {
  title: string;
  query: { error: unknown; isFetching: boolean; refetch(): Promise<unknown> };
  onClose(): void;
}) {
  return (
    <Dialog open onOpenChange={onClose} title={title}>
      {query.error === null ? (
        <SkeletonRows rows={3} rowHeight="36px" widths={['60%', '40%', '80%']} />
      ) : describeError(query.error).kind === 'not_found' ? (
        <p>There is no such key, or it belongs to a platform you cannot see.</p>
      ) : (
        <ReadTrouble title="What ending the key would cost did not load." query={query} />
      )}
    </Dialog>
  );
}

function Breaking({
  callers,
  more,
}: {
  callers: readonly { address: string; agent: string; consumer: string | null; lastHour: number }[];
  more: number;
}) {
  const recent = callers.filter(({ lastHour }) => lastHour > 0).slice(0, 5);
  if (recent.length === 0) return null;
  const hidden = callers.length + more - recent.length;
  return (
    <ul
      aria-label="Who would be refused"
      className="mb-3 grid gap-0.5 border-l-3 border-crit-fill bg-sunken px-2.5 py-2"
    >
      {recent.map(({ address, agent, consumer, lastHour }) => (
        <li key={`${address} ${agent}`} className="flex gap-3">
          <span className="min-w-0 flex-1 truncate">
            {consumer ?? `Not named, ${address}`} <span className="text-small text-ink-3">{agent}</span>
          </span>
          <span className="whitespace-nowrap">{lastHour.toLocaleString('en')} in the last hour</span>
        </li>
      ))}
      {hidden > 0 && <li className="text-small text-ink-3">and {hidden} more</li>}
    </ul>
  );
}
