import { MINUTE_MS } from '@qd/shared/time';
import { useEffect, useEffectEvent } from 'react';
import {
  answerWithPasskey,
  awaitPickedPasskey,
  browserRefusal,
  forgetPasskeys,
  offersPasskeys,
} from '../../lib/passkeys.ts';
import { askForPasskey, signInWithPasskey } from '../../lib/plain-api.ts';
import { Button, type ButtonVariant } from '../../ui/button.tsx';
import { FormFailure } from './form-failure.tsx';
import { useSubmit } from './use-submit.ts';

export interface PasskeyButtonProps {
  label: string;
  variant?: ButtonVariant;
  onIn(): void;
}

/** Signs in by a passkey alone, without an address or a password. */
export function PasskeyButton({ label, variant = 'default', onIn }: PasskeyButtonProps) {
  const { submit, pending, failure } = useSubmit(enterByPasskey, onIn);
  return (
    <>
      {failure !== null && <FormFailure failure={failure} />}
      <Button variant={variant} icon="keys" pending={pending} onClick={() => submit(undefined)}>
        {label}
      </Button>
    </>
  );
}

async function enterByPasskey(): Promise<void> {
  const { ticket, options } = await askForPasskey();
  const response = await answerWithPasskey(options).catch((error: unknown) => {
    const words = browserRefusal(error);
    if (words === null) throw error;
    // In the shape of the console's own refusals: nothing is wrong with the line or the server.
    throw Object.assign(new Error(words, { cause: error }), { data: { domainCode: 'unauthenticated' } });
  });
  await signInWithPasskey({ ticket, response });
}

/** What is asked of a browser is good for five minutes; it is asked again before that. */
const RENEW_MS = 4 * MINUTE_MS;

/** Lets the browser offer its passkeys in the list under the user name. Nothing is said where it cannot. */
export function usePickedPasskey(onIn: () => void): void {
  const enter = useEffectEvent(onIn);
  useEffect(() => {
    let isOver = false;
    async function wait(): Promise<void> {
      if (!(await offersPasskeys())) return;
      const { ticket, options } = await askForPasskey();
      if (isOver) return;
      const response = await awaitPickedPasskey(options);
      await signInWithPasskey({ ticket, response });
      if (!isOver) enter();
    }
    // Whoever does not pick one signs in by the form; a refusal is for the button to tell.
    const start = (): void => void wait().catch(() => undefined);
    start();
    const renewal = setInterval(start, RENEW_MS);
    return () => {
      isOver = true;
      clearInterval(renewal);
      void offersPasskeys().then(async (offers) => {
        if (offers) await forgetPasskeys();
      });
    };
  }, []);
}
