import type { NewFactor, StartedTotp } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { QrCode } from './qr-code.tsx';
import { refusalWords } from './refusal-words.ts';
import { Refused } from './refused.tsx';
import { useTotpMutations } from './use-account-mutations.ts';

export interface FactorSetupProps {
  /** A name that tells it from the others: "Work phone". */
  suggestedLabel: string;
  onDone(added: NewFactor): void;
  onCancel?: (() => void) | undefined;
}

/** Sets an authenticator app up: a name, the secret as picture and text, and a first code that proves it took. */
export function TotpSetup({ suggestedLabel, onDone, onCancel }: FactorSetupProps) {
  const { start, confirm } = useTotpMutations();
  const [label, setLabel] = useState(suggestedLabel);
  const started = start.data;

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!start.isPending) start.mutate({ label });
  }

  return (
    <section aria-label="New authenticator app" className="mt-3 rounded-1 border border-line-2 bg-surface p-4">
      {started === undefined ? (
        <form onSubmit={onSubmit} className="grid max-w-[420px] gap-3" noValidate>
          <Field label="Name of the app or phone" hint="To tell it from others later.">
            <Input value={label} autoComplete="off" onChange={(event) => setLabel(event.target.value)} />
          </Field>
          <Refused error={start.error} />
          <Buttons label="Go on" pending={start.isPending} onCancel={onCancel} />
        </form>
      ) : (
        <FirstCode started={started} confirm={confirm} onDone={onDone} onCancel={onCancel} />
      )}
    </section>
  );
}

interface FirstCodeProps extends Pick<FactorSetupProps, 'onDone' | 'onCancel'> {
  started: StartedTotp;
  confirm: ReturnType<typeof useTotpMutations>['confirm'];
}

function FirstCode({ started, confirm, onDone, onCancel }: FirstCodeProps) {
  const [code, setCode] = useState('');

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (confirm.isPending || code.trim() === '') return;
    confirm.mutate({ id: started.id, code }, { onSuccess: onDone, onError: () => setCode('') });
  }

  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-start gap-5" noValidate>
      <QrCode text={started.uri} label="QR code for the authenticator app" />
      <div className="grid min-w-[240px] flex-1 gap-3">
        <p className="text-ink-2">Scan the picture with the app, or type the secret in:</p>
        <p className="mono text-body break-all select-all" data-testid="totp-secret">
          {started.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
        </p>
        <Field
          label="First code of the app"
          hint="Six digits. The app counts once this one is right."
          error={confirm.error === null ? null : refusalWords(confirm.error)}
          className="max-w-[240px]"
        >
          <Input
            value={code}
            inputMode="numeric"
            autoComplete="one-time-code"
            spellCheck={false}
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Buttons label="Confirm app" pending={confirm.isPending} onCancel={onCancel} />
      </div>
    </form>
  );
}

interface ButtonsProps {
  label: string;
  pending: boolean;
  onCancel?: (() => void) | undefined;
}

/** The end of a small form: do it, or leave it. */
export function Buttons({ label, pending, onCancel }: ButtonsProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button type="submit" variant="primary" pending={pending}>
        {label}
      </Button>
      {onCancel !== undefined && (
        <Button variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
