import type { SecondFactor } from '@qd/shared/users';
import { useState, type FormEvent } from 'react';
import { formatDuration } from '../../lib/format.ts';
import { showSecondFactor } from '../../lib/plain-api.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ProofField, proofLabels } from '../step-up/proof-field.tsx';
import { FormFailure } from './form-failure.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { useSubmit } from './use-submit.ts';
import { useWaitSeconds } from './use-wait.ts';

/** A password that was right, and what is asked for besides it. */
export interface AskedFor {
  ticket: string;
  methods: readonly SecondFactor[];
}

export interface SecondStepProps {
  asked: AskedFor;
  /** `recoveryCodesLeft` is a number where a recovery code was used. */
  onIn(recoveryCodesLeft: number | null): void;
  onRestart(): void;
}

/** The second factor after the password: a code, a passkey, or a recovery code. */
export function SecondStep({ asked, onIn, onRestart }: SecondStepProps) {
  const [method, setMethod] = useState<SecondFactor>(asked.methods[0] ?? 'totp');
  return (
    <div className="grid gap-4">
      {asked.methods.length > 1 && (
        <Segmented
          label="Prove it with"
          value={method}
          onChange={setMethod}
          options={asked.methods.map((value) => ({ value, label: proofLabels[value] }))}
        />
      )}
      {method === 'passkey' ? (
        <PasskeyButton variant="primary" label="Use the passkey" onIn={() => onIn(null)} />
      ) : (
        <CodeForm key={method} ticket={asked.ticket} method={method} onIn={onIn} />
      )}
      <Button variant="ghost" className="justify-self-start" onClick={onRestart}>
        Sign in as somebody else
      </Button>
    </div>
  );
}

interface CodeFormProps {
  ticket: string;
  method: 'totp' | 'recovery';
  onIn(recoveryCodesLeft: number | null): void;
}

function CodeForm({ ticket, method, onIn }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const { submit, pending, failure } = useSubmit(showSecondFactor, ({ recoveryCodesLeft }) => onIn(recoveryCodesLeft));
  const waitSeconds = useWaitSeconds(failure);
  const wait = formatDuration(waitSeconds * 1_000);
  const fault = failure?.fields.find(({ field }) => field === 'code' || field === 'recoveryCode');

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    setMissing(code.trim() === '');
    if (waitSeconds > 0 || code.trim() === '') return;
    submit({ ticket, ...(method === 'totp' ? { code } : { recoveryCode: code }) });
  }

  return (
    <form className="grid gap-4" onSubmit={onSubmit} noValidate>
      <ProofField
        method={method}
        value={code}
        onChange={setCode}
        error={missing ? 'Enter the code.' : fault === undefined ? null : (failure?.message ?? null)}
      />
      {failure !== null && fault === undefined && (
        <FormFailure failure={failure}>{waitSeconds > 0 ? `Try again in ${wait}.` : failure.remedy}</FormFailure>
      )}
      <Button
        type="submit"
        variant="primary"
        pending={pending}
        disabledReason={waitSeconds > 0 ? `Too many tries. Wait ${wait}.` : undefined}
      >
        {pending ? 'Checking the code…' : 'Sign in'}
      </Button>
    </form>
  );
}
