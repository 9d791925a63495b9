import type { StepUpDemand } from '@qd/shared/errors';
import { useState, type FormEvent } from 'react';
import type { ApiInputs } from '../../lib/api.ts';
import { describeError } from '../../lib/errors.ts';
import { answerWithPasskey, browserRefusal } from '../../lib/passkeys.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ProofField, proofLabels } from './proof-field.tsx';

type Method = StepUpDemand['methods'][number];

export interface StepUpDialogProps {
  demand: StepUpDemand;
  /** The token of the proof, or null when the person gave up. */
  onSettle(token: string | null): void;
}

/** "Prove that it is you": one factor, for one act. The act goes on by itself afterwards. */
export function StepUpDialog({ demand, onSettle }: StepUpDialogProps) {
  const api = useTRPCClient();
  const [method, setMethod] = useState<Method>(demand.methods[0] ?? 'password');
  const [text, setText] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function proofOf(): Promise<ApiInputs['session']['stepUp']['proof']> {
    if (method === 'totp') return { method, code: text };
    if (method === 'recovery') return { method, code: text };
    if (method === 'password') return { method, password: text };
    const { passkey } = await api.session.stepUpOptions.mutate({ act: demand.act });
    if (passkey === null) throw new Error('There is no passkey for this address any more. Use another way.');
    return { method, response: await answerWithPasskey(passkey) };
  }

  async function prove(): Promise<void> {
    setPending(true);
    setError(null);
    try {
      const { token } = await api.session.stepUp.mutate({ act: demand.act, proof: await proofOf() });
      onSettle(token);
    } catch (failure) {
      setError(refusalOf(failure));
      setText('');
      setPending(false);
    }
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!pending && (method === 'passkey' || text !== '')) void prove();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onSettle(null)}
      title="Prove that it is you"
      description="This act asks for a proof each time. It goes on by itself afterwards."
    >
      <form onSubmit={onSubmit} className="grid gap-4">
        {demand.methods.length > 1 && (
          <Segmented
            label="Prove it with"
            value={method}
            onChange={(next) => {
              setMethod(next);
              setText('');
              setError(null);
            }}
            options={demand.methods.map((value) => ({ value, label: proofLabels[value] }))}
          />
        )}
        <ProofField method={method} value={text} onChange={setText} error={error} />
        <Button type="submit" variant="primary" pending={pending}>
          {method === 'passkey' ? 'Use the passkey' : 'Go on'}
        </Button>
      </form>
    </Dialog>
  );
}

function refusalOf(failure: unknown): string {
  const byBrowser = browserRefusal(failure);
  if (byBrowser !== null) return byBrowser;
  const { kind, message, remedy, fields } = describeError(failure);
  if (kind === 'unauthenticated' && failure instanceof Error) return failure.message;
  return fields[0]?.message ?? `${message} ${remedy}`;
}
