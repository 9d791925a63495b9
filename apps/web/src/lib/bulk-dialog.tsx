import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ActDialog } from './act-dialog.tsx';
import { LeftOut, type LeftOutRow } from './left-out.tsx';

/** What became of one of many; `message` says why nothing did, null where it was done. */
export interface BulkOutcome {
  id: string;
  message: string | null;
}

/** What an act on many came to. */
export interface BulkResult {
  outcomes: readonly BulkOutcome[];
  /** Takes the place of the count in the title, where nothing was done yet. */
  instead?: string | undefined;
  note?: ReactNode;
}

export interface BulkDialogProps {
  verb: string;
  danger: boolean;
  /** Most that are acted on at once. */
  most: number;
  ids: readonly string[];
  /** Those of `ids` the page knows: `refusal` says why one is left out, as far as the page can tell. */
  chosen: readonly { id: string; name: string; refusal: string | null }[];
  /** `3 keys`. */
  words(count: number): string;
  /** The question, and what it costs those that fit. */
  title(count: number): string;
  cost(ids: readonly string[]): ReactNode;
  /** False for acts the log keeps no reason of. */
  asksReason?: boolean;
  /** True where the number of them is typed first, and of a single one its name. */
  typesCount?: boolean;
  onAct(ids: string[], reason: string): Promise<BulkResult>;
  /** Called once the result was read. */
  onDone(): void;
  onClose(): void;
}

/** Asks before an act on many: who is left out is named first, and afterwards what became of each. */
export function BulkDialog(props: BulkDialogProps) {
  const { verb, most, ids, chosen, words, onClose } = props;
  const [result, setResult] = useState<BulkResult | null>(null);
  const nameOf = (id: string) => chosen.find((one) => one.id === id)?.name ?? id;
  if (result !== null) {
    return <Outcomes {...{ verb, words, nameOf, result }} onClose={() => (props.onDone(), onClose())} />;
  }
  const leftOut = chosen.flatMap(({ id, name, refusal }) => (refusal === null ? [] : [{ id, name, why: refusal }]));
  const fit = ids.filter((id) => leftOut.every((one) => one.id !== id));
  if (fit.length === 0) {
    return <NotPossible {...{ verb, words, leftOut, onClose }} why="None of those chosen can be acted on this way." />;
  }
  if (fit.length > most) {
    return <NotPossible {...{ verb, words, leftOut, onClose }} why={`Choose at most ${words(most)}.`} />;
  }
  return (
    <ActDialog
      title={props.title(fit.length)}
      cost={props.cost(fit)}
      confirmLabel={verb}
      danger={props.danger}
      asksReason={props.asksReason ?? true}
      {...(props.typesCount === true && { typeName: fit.length === 1 ? nameOf(fit[0] ?? '') : words(fit.length) })}
      onAct={async (reason) => setResult(await props.onAct([...fit], reason))}
      // The answer takes the place of the question.
      onClose={() => undefined}
      onCancel={onClose}
    >
      <LeftOut rows={leftOut} words={words} />
    </ActDialog>
  );
}

interface Said {
  verb: string;
  words(count: number): string;
  onClose(): void;
}

function NotPossible({ verb, words, leftOut, why, onClose }: Said & { leftOut: readonly LeftOutRow[]; why: string }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${verb}: not possible`}
      description={why}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <LeftOut rows={leftOut} words={words} />
    </Dialog>
  );
}

/** What became of each; who was refused comes with the server's reason. */
function Outcomes({ verb, words, nameOf, result, onClose }: Said & { nameOf(id: string): string; result: BulkResult }) {
  const { outcomes, instead, note } = result;
  const refused = outcomes.filter((one) => one.message !== null);
  const done = `done for ${outcomes.length - refused.length} of ${words(outcomes.length)}`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${verb}: ${instead ?? done}`}
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {note}
      {instead === undefined && refused.length === 0 && <p>None was refused.</p>}
      {refused.length > 0 && (
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
