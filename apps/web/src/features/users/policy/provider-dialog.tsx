import type { OidcProviderView } from '@qd/shared/users';
import { useId, useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, PasswordInput } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { fieldFault, refusalWords } from '../account/refusal-words.ts';
import { SaveFoot } from '../form-parts.tsx';
import { usePolicyMutations } from './use-policy-mutations.ts';

export interface ProviderDialogProps {
  /** Null: a new one. */
  provider: OidcProviderView | null;
  /** The address to enter at the provider. */
  redirectUri: string;
  onClose(): void;
}

interface Draft {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  isEnabled: boolean;
}

function draftOf(provider: OidcProviderView | null): Draft {
  if (provider === null) return { name: '', issuer: '', clientId: '', clientSecret: '', isEnabled: true };
  const { name, issuer, clientId, isEnabled } = provider;
  return { name, issuer, clientId, clientSecret: '', isEnabled };
}

const fields = ['name', 'issuer', 'clientId', 'clientSecret'];

/** Adds or changes an identity provider. The console asks the issuer before anything is saved. */
export function ProviderDialog({ provider, redirectUri, onClose }: ProviderDialogProps) {
  const form = useId();
  const toasts = useToasts();
  const { saveProvider } = usePolicyMutations();
  const [draft, setDraft] = useState(() => draftOf(provider));
  const { error } = saveProvider;
  const isNamed = fields.some((field) => fieldFault(error, field) !== undefined);
  const isConflict = error !== null && describeError(error).kind === 'conflict';

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (saveProvider.isPending) return;
    const { clientSecret, ...rest } = draft;
    saveProvider.mutate(
      {
        ...rest,
        clientSecret: clientSecret === '' ? null : clientSecret,
        id: provider?.id ?? null,
        version: provider?.version ?? 0,
      },
      {
        onSuccess: () => {
          onClose();
          toasts.show({ message: `${draft.name} is saved.`, glyph: 'done' });
        },
      },
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={provider === null ? 'Add identity provider' : `Change ${provider.name}`}
      footer={
        <SaveFoot
          form={form}
          label={saveProvider.isPending ? 'Asking the provider…' : 'Save provider'}
          pending={saveProvider.isPending}
          onCancel={onClose}
        />
      }
    >
      <form id={form} onSubmit={onSubmit} className="grid gap-4" noValidate>
        <ProviderFields
          draft={draft}
          onChange={(part) => setDraft({ ...draft, ...part })}
          error={error}
          redirectUri={redirectUri}
          hasSecret={provider?.hasSecret === true}
        />
        <Checkbox
          label="People may sign in through it"
          checked={draft.isEnabled}
          onChange={(event) => setDraft({ ...draft, isEnabled: event.target.checked })}
        />
        {error !== null && (!isNamed || isConflict) && (
          <p role="alert" className="font-medium text-crit">
            {refusalWords(error)}
            {isConflict && provider !== null && ' What you typed is kept here; save again to put it in its place.'}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface ProviderFieldsProps {
  draft: Draft;
  onChange(part: Partial<Draft>): void;
  error: unknown;
  redirectUri: string;
  hasSecret: boolean;
}

function ProviderFields({ draft, onChange, error, redirectUri, hasSecret }: ProviderFieldsProps) {
  return (
    <>
      <p className="text-ink-2">
        Enter this at the provider as the redirect URI:{' '}
        <span className="mono text-ink break-all select-all">{redirectUri}</span>
      </p>
      <Field label="Name" hint="As the sign-in page shows it." error={fieldFault(error, 'name')}>
        <Input value={draft.name} autoComplete="off" onChange={(event) => onChange({ name: event.target.value })} />
      </Field>
      <Field label="Issuer" hint="https://id.example.com" error={fieldFault(error, 'issuer')}>
        <Input
          value={draft.issuer}
          type="url"
          className="mono"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ issuer: event.target.value })}
        />
      </Field>
      <Field label="Client ID" error={fieldFault(error, 'clientId')}>
        <Input
          value={draft.clientId}
          className="mono"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ clientId: event.target.value })}
        />
      </Field>
      <Field
        label="Client secret"
        hint={
          hasSecret
            ? 'One is stored and never shown. Leave this empty to keep it.'
            : 'Stored sealed and never shown again. Leave it empty for a public client.'
        }
        error={fieldFault(error, 'clientSecret')}
      >
        <PasswordInput
          value={draft.clientSecret}
          autoComplete="off"
          onChange={(event) => onChange({ clientSecret: event.target.value })}
        />
      </Field>
    </>
  );
}
