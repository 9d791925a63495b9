import { useState, type FormEvent } from 'react';
import { makePasskey } from '../../../lib/passkeys.ts';
import { Field, Input } from '../../../ui/field.tsx';
import { Refused } from './refused.tsx';
import { Buttons, type FactorSetupProps } from './totp-setup.tsx';
import { usePasskeyMutations } from './use-account-mutations.ts';

/** Makes a passkey: a name first, then the browser asks for finger, face or key. */
export function PasskeySetup({ suggestedLabel, onDone, onCancel }: FactorSetupProps) {
  const { start, finish } = usePasskeyMutations();
  const [label, setLabel] = useState(suggestedLabel);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function make(): Promise<void> {
    setPending(true);
    setError(null);
    try {
      const { ticket, options } = await start.mutateAsync();
      onDone(await finish.mutateAsync({ ticket, label, response: await makePasskey(options) }));
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (!isPending) void make();
  }

  return (
    <section aria-label="New passkey" className="mt-3 rounded-1 border border-line-2 bg-surface p-4">
      <form onSubmit={onSubmit} className="grid max-w-[420px] gap-3" noValidate>
        <Field label="Name of the device or key" hint="To tell it from others later.">
          <Input value={label} autoComplete="off" onChange={(event) => setLabel(event.target.value)} />
        </Field>
        <Refused error={error} />
        <Buttons label="Make passkey" pending={isPending} onCancel={onCancel} />
      </form>
    </section>
  );
}
