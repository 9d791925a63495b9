import type { OidcProviderList, OidcProviderView } from '@qd/shared/users';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { Part } from '../account/part.tsx';
import { refusalWords } from '../account/refusal-words.ts';
import { usePolicyMutations } from './use-policy-mutations.ts';

export interface ProvidersPartProps {
  list: OidcProviderList;
  /** Null: a new one. */
  onEdit(id: string | null): void;
}

function peopleWords(count: number): string {
  if (count === 0) return 'nobody signs in through it yet';
  return count === 1 ? '1 person signs in through it' : `${count} people sign in through it`;
}

/** Identity providers people may sign in through. */
export function ProvidersPart({ list, onEdit }: ProvidersPartProps) {
  const [removing, setRemoving] = useState<OidcProviderView | null>(null);
  return (
    <Part
      title="Identity providers"
      note="OpenID Connect"
      actions={
        <Button size="s" icon="plus" onClick={() => onEdit(null)}>
          Add provider
        </Button>
      }
    >
      <ul className="border-t border-ink">
        {list.providers.map((provider) => (
          <li key={provider.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-x-3">
                <span className="font-medium wrap-anywhere">{provider.name}</span>
                <StatusWord tone={provider.isEnabled ? 'ok' : 'none'}>{provider.isEnabled ? 'On' : 'Off'}</StatusWord>
              </span>
              <span className="block text-small text-ink-3 wrap-anywhere">
                <span className="mono">{provider.issuer}</span>, {peopleWords(provider.people)}
                {!provider.hasSecret && ', without a client secret'}
              </span>
            </span>
            <Button size="s" icon="pencil" aria-label={`Change ${provider.name}`} onClick={() => onEdit(provider.id)}>
              Change
            </Button>
            <Button
              size="s"
              variant="danger"
              aria-label={`Remove ${provider.name}`}
              onClick={() => setRemoving(provider)}
            >
              Remove
            </Button>
          </li>
        ))}
        {list.providers.length === 0 && (
          <li className="py-2 text-ink-3">
            None is set up. People sign in with passwords and passkeys of this console.
          </li>
        )}
      </ul>
      {removing !== null && <RemoveDialog provider={removing} onClose={() => setRemoving(null)} />}
    </Part>
  );
}

function RemoveDialog({ provider, onClose }: { provider: OidcProviderView; onClose(): void }) {
  const toasts = useToasts();
  const { removeProvider } = usePolicyMutations();
  const { id, version, name, people } = provider;
  const onSuccess = (): void => {
    onClose();
    toasts.show({ message: `${name} is removed.`, glyph: 'done' });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Remove ${name}?`}
      cost={`${people === 0 ? 'Nobody' : people === 1 ? '1 person' : `${people} people`} can sign in through it; those links are removed too. To pause it, switch it off instead.`}
      confirmLabel="Remove provider"
      typeName={name}
      pending={removeProvider.isPending}
      error={removeProvider.error === null ? null : refusalWords(removeProvider.error)}
      onConfirm={() => removeProvider.mutate({ id, version }, { onSuccess })}
    />
  );
}
