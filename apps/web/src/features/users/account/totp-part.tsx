import type { AccountView, NewFactor, TotpView } from '@qd/shared/users';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { FactorLine } from './factor-line.tsx';
import { Part } from './part.tsx';
import { refusalWords } from './refusal-words.ts';
import { TotpSetup } from './totp-setup.tsx';
import { useTotpMutations } from './use-account-mutations.ts';

export interface FactorPartProps {
  account: AccountView;
  onAdded(added: NewFactor): void;
}

/** Authenticator apps: add and remove. */
export function TotpPart({ account, onAdded }: FactorPartProps) {
  const [adds, setAdds] = useState(false);
  const [removing, setRemoving] = useState<TotpView | null>(null);
  const toasts = useToasts();
  const { remove } = useTotpMutations();
  const confirm = (app: TotpView): void =>
    remove.mutate(
      { id: app.id },
      {
        onSuccess: () => {
          setRemoving(null);
          toasts.show({ message: `${app.label} no longer opens your account.`, glyph: 'done' });
        },
      },
    );
  return (
    <Part
      title="Authenticator apps"
      note="six digits that change every 30 s"
      actions={
        !adds && (
          <Button size="s" icon="plus" onClick={() => setAdds(true)}>
            Add authenticator app
          </Button>
        )
      }
    >
      <ul className="border-t border-ink">
        {account.totp.map((app) => (
          <FactorLine
            key={app.id}
            factor={app}
            actions={
              <Button size="s" variant="danger" aria-label={`Remove ${app.label}`} onClick={() => setRemoving(app)}>
                Remove
              </Button>
            }
          />
        ))}
        {account.totp.length === 0 && <li className="py-2 text-ink-3">None is set up.</li>}
      </ul>
      {adds && (
        <TotpSetup
          suggestedLabel="Authenticator app"
          onCancel={() => setAdds(false)}
          onDone={(added) => {
            setAdds(false);
            onAdded(added);
          }}
        />
      )}
      {removing !== null && (
        <ConfirmDialog
          open
          onOpenChange={() => setRemoving(null)}
          title={`Remove ${removing.label}?`}
          cost="Its codes stop working at once. This cannot be undone; the app can be set up again."
          confirmLabel="Remove app"
          pending={remove.isPending}
          error={remove.error === null ? null : refusalWords(remove.error)}
          onConfirm={() => confirm(removing)}
        />
      )}
    </Part>
  );
}
