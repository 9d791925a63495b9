import type { PasskeyView } from '@qd/shared/users';
import { useId, useState, type FormEvent } from 'react';
import { knowsPasskeys } from '../../../lib/passkeys.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { SaveFoot } from '../form-parts.tsx';
import { FactorLine } from './factor-line.tsx';
import { Part } from './part.tsx';
import { PasskeySetup } from './passkey-setup.tsx';
import { fieldFault, refusalWords } from './refusal-words.ts';
import type { FactorPartProps } from './totp-part.tsx';
import { usePasskeyMutations } from './use-account-mutations.ts';

/** Passkeys: add, rename and remove. */
export function PasskeysPart({ account, onAdded }: FactorPartProps) {
  const [adds, setAdds] = useState(false);
  const [renaming, setRenaming] = useState<PasskeyView | null>(null);
  const [removing, setRemoving] = useState<PasskeyView | null>(null);
  const obstacle = account.passkeyObstacle ?? (knowsPasskeys() ? undefined : 'This browser knows no passkeys.');
  return (
    <Part
      title="Passkeys"
      note="finger, face or security key; enough alone"
      actions={
        !adds && (
          <Button size="s" icon="plus" disabledReason={obstacle} onClick={() => setAdds(true)}>
            Add passkey
          </Button>
        )
      }
    >
      {obstacle !== undefined && <p className="mb-2 text-small text-ink-2">{obstacle}</p>}
      <ul className="border-t border-ink">
        {account.passkeys.map((passkey) => (
          <FactorLine
            key={passkey.id}
            factor={passkey}
            note={passkey.isSynced ? ', kept in sync between devices' : ', on one device'}
            actions={
              <>
                <Button size="s" aria-label={`Rename ${passkey.label}`} onClick={() => setRenaming(passkey)}>
                  Rename
                </Button>
                <Button
                  size="s"
                  variant="danger"
                  aria-label={`Remove ${passkey.label}`}
                  onClick={() => setRemoving(passkey)}
                >
                  Remove
                </Button>
              </>
            }
          />
        ))}
        {account.passkeys.length === 0 && <li className="py-2 text-ink-3">None is set up.</li>}
      </ul>
      {adds && (
        <PasskeySetup
          suggestedLabel="Passkey"
          onCancel={() => setAdds(false)}
          onDone={(added) => {
            setAdds(false);
            onAdded(added);
          }}
        />
      )}
      {renaming !== null && <RenameDialog passkey={renaming} onClose={() => setRenaming(null)} />}
      {removing !== null && <RemoveDialog passkey={removing} onClose={() => setRemoving(null)} />}
    </Part>
  );
}

interface PasskeyDialogProps {
  passkey: PasskeyView;
  onClose(): void;
}

function RenameDialog({ passkey, onClose }: PasskeyDialogProps) {
  const form = useId();
  const { rename } = usePasskeyMutations();
  const [label, setLabel] = useState(passkey.label);
  const fault = fieldFault(rename.error, 'label') ?? (rename.error === null ? null : refusalWords(rename.error));

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!rename.isPending) rename.mutate({ id: passkey.id, label }, { onSuccess: onClose });
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Rename ${passkey.label}`}
      footer={<SaveFoot form={form} label="Rename passkey" pending={rename.isPending} onCancel={onClose} />}
    >
      <form id={form} onSubmit={onSubmit} noValidate>
        <Field label="Name" error={fault}>
          <Input value={label} autoComplete="off" onChange={(event) => setLabel(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}

function RemoveDialog({ passkey, onClose }: PasskeyDialogProps) {
  const toasts = useToasts();
  const { remove } = usePasskeyMutations();
  const onSuccess = (): void => {
    onClose();
    toasts.show({ message: `${passkey.label} no longer opens your account.`, glyph: 'done' });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Remove ${passkey.label}?`}
      cost="It stops working here at once. Remove it on the device too, or the device goes on offering it."
      confirmLabel="Remove passkey"
      pending={remove.isPending}
      error={remove.error === null ? null : refusalWords(remove.error)}
      onConfirm={() => remove.mutate({ id: passkey.id }, { onSuccess })}
    />
  );
}
