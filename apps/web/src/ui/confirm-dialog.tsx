import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field, Input } from './field.tsx';

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The question: 'End "Miner ingest" old key?' */
  title: ReactNode;
  /** What it costs, in numbers, and whether it can be undone. */
  cost: ReactNode;
  /** The same verb and object as the button that opened it. */
  confirmLabel: string;
  keepLabel?: string | undefined;
  /** Must be typed letter for letter before the action is possible. */
  typeName?: string | undefined;
  danger?: boolean | undefined;
  pending?: boolean | undefined;
  /** Why the last try did not work. */
  error?: ReactNode;
  onConfirm: () => void;
  children?: ReactNode;
};

/** Asks before something that cannot be undone: says the cost and, where it matters, has the name typed. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, cost, confirmLabel, keepLabel = 'Keep it', typeName, danger = true, pending = false, error } = props;
  const [typed, setTyped] = useState('');
  const [wasOpen, setWasOpen] = useState(props.open);
  if (wasOpen !== props.open) {
    // What was typed for the last thing must not confirm the next one.
    setWasOpen(props.open);
    setTyped('');
  }
  const isTyped = typeName === undefined || typed.trim() === typeName;
  const confirm = () => {
    if (isTyped && !pending) props.onConfirm();
  };
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={title}
      description={cost}
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={() => props.onOpenChange(false)}>
            {keepLabel}
          </Button>
          <Button
            variant={danger ? 'danger-solid' : 'primary'}
            pending={pending}
            disabledReason={isTyped ? undefined : `Type ${typeName} to confirm`}
            onClick={confirm}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {props.children}
      {typeName !== undefined && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            confirm();
          }}
        >
          <Field
            label={
              <>
                Type <span className="mono">{typeName}</span> to confirm
              </>
            }
          >
            <Input
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        </form>
      )}
      {error !== undefined && error !== null && (
        <p role="alert" className="mt-2 font-medium text-crit">
          {error}
        </p>
      )}
    </Dialog>
  );
}
