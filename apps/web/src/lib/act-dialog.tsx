import { type ReactNode, useState } from 'react';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { describeError } from './errors.ts';
import { ReasonField } from './reason-field.tsx';
import { isReason } from './reason.ts';

export interface ActDialogProps {
  title: string;
  /** What it ends, and whether it can be undone. */
  cost: ReactNode;
  /** The same verb and object as the button that opened it. */
  confirmLabel: string;
  keepLabel?: string;
  /** Must be typed letter for letter first. */
  typeName?: string;
  danger?: boolean;
  /** What is still to be chosen first, said when it is tried; null for nothing. */
  missing?: string | null;
  /** False for acts the log keeps no reason of. */
  asksReason?: boolean;
  onAct(reason: string): Promise<unknown>;
  /** Called when it is done, and when it is given up unless `onCancel` is there for that. */
  onClose(): void;
  onCancel?(): void;
  children?: ReactNode;
}

/** Asks before an act on somebody: what it costs, why it is done. Closes when it is done; says why when it is not. */
export function ActDialog(props: ActDialogProps) {
  const {
    title,
    cost,
    confirmLabel,
    keepLabel = 'Cancel',
    typeName,
    danger = true,
    missing = null,
    asksReason = true,
    children,
  } = props;
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const isMissing = asksReason && !isReason(reason);
  const confirm = async () => {
    setTried(true);
    setError(missing);
    if (isMissing || missing !== null) return;
    setPending(true);
    try {
      await props.onAct(reason.trim());
      props.onClose();
    } catch (failure) {
      const { message, remedy } = describeError(failure);
      setError(`${message} ${remedy}`);
      setPending(false);
    }
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && (props.onCancel ?? props.onClose)()}
      title={title}
      cost={cost}
      confirmLabel={confirmLabel}
      keepLabel={keepLabel}
      danger={danger}
      pending={pending}
      error={error}
      onConfirm={() => void confirm()}
      {...(typeName !== undefined && { typeName })}
    >
      {children}
      {asksReason && <ReasonField value={reason} onChange={setReason} tried={tried} className="mb-3" />}
    </ConfirmDialog>
  );
}
