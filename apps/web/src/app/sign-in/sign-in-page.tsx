import type { SecondFactor } from '@qd/shared/users';
import { lazy, Suspense, useRef, useState, type FormEvent, type RefObject } from 'react';
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router';
import { formatDuration } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { signIn } from '../../lib/plain-api.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, PasswordInput } from '../../ui/field.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { FormFailure } from './form-failure.tsx';
import { formText } from './form-text.ts';
import type { AskedFor } from './second-step.tsx';
import { useEntrySession } from './use-entry-session.ts';
import { useSubmit } from './use-submit.ts';
import { useWaitSeconds } from './use-wait.ts';

const DemoAccounts = lazy(() => import('./demo-accounts.tsx').then((m) => ({ default: m.DemoAccounts })));
const FewerCodes = lazy(() => import('./fewer-codes.tsx').then((m) => ({ default: m.FewerCodes })));
const OtherWays = lazy(() => import('./other-ways.tsx').then((m) => ({ default: m.OtherWays })));
const ProviderRefusal = lazy(() => import('./provider-refusal.tsx').then((m) => ({ default: m.ProviderRefusal })));
const SecondStep = lazy(() => import('./second-step.tsx').then((m) => ({ default: m.SecondStep })));

/** Only addresses of this console may be returned to: a path, never another host. */
export function safeReturn(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) && !to.startsWith(paths.signIn) ? to : paths.overview;
}

/** E-mail address and password, a passkey, or another provider; the second factor where there is one. Back to the page that asked. */
export function SignInPage() {
  const [params] = useSearchParams();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const session = useEntrySession();
  const [asked, setAsked] = useState<AskedFor | null>(() => askedInHash(hash));
  const [codesLeft, setCodesLeft] = useState<number | null>(null);
  const back = safeReturn(params.get('to') ?? params.get('return'));
  const goOn = () => void navigate(back, { replace: true });
  const onIn = (left: number | null): void => (left === null ? goOn() : setCodesLeft(left));
  if (codesLeft !== null) return <FewerCodes left={codesLeft} onGoOn={goOn} />;
  if (session?.setup && !session.demoAccounts) return <Navigate to={{ pathname: paths.welcome, hash }} replace />;
  if (session?.user != null) return <Navigate to={back} replace />;
  if (asked !== null) {
    return (
      <EntryFrame title="Sign in" call="Show your second factor.">
        <Suspense>
          <SecondStep asked={asked} onIn={onIn} onRestart={() => setAsked(null)} />
        </Suspense>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title="Sign in" call={back === paths.overview ? 'Sign in.' : 'Sign in to go on where you were.'}>
      <FirstStep
        back={back}
        refused={params.get('refused')}
        hasDemo={session?.demoAccounts === true}
        onIn={goOn}
        onAsked={setAsked}
      />
    </EntryFrame>
  );
}

/** A second factor that was asked for on the way back from an identity provider stands behind the “#”. */
function askedInHash(hash: string): AskedFor | null {
  const given = new URLSearchParams(hash.slice(1));
  const ticket = given.get('ticket');
  if (ticket === null) return null;
  const named = given.get('methods')?.split(',') ?? [];
  return { ticket, methods: methods.filter((method) => named.includes(method)) };
}

const methods: readonly SecondFactor[] = ['totp', 'passkey', 'recovery'];

interface FirstStepProps {
  back: string;
  /** Why the provider's answer was not taken, or null. */
  refused: string | null;
  hasDemo: boolean;
  onIn(): void;
  onAsked(asked: AskedFor): void;
}

function FirstStep({ back, refused, hasDemo, onIn, onAsked }: FirstStepProps) {
  const form = useRef<HTMLFormElement>(null);
  const pick = (email: string): void => {
    const { current } = form;
    const address = current?.querySelector<HTMLInputElement>('[name=email]');
    if (address) address.value = email;
    current?.querySelector<HTMLInputElement>('[name=password]')?.focus();
  };
  return (
    <>
      {refused !== null && (
        <Suspense>
          <ProviderRefusal refused={refused} />
        </Suspense>
      )}
      <SignInForm form={form} onIn={onIn} onAsked={onAsked} />
      <Suspense>
        <OtherWays back={back} onIn={onIn} />
        {hasDemo && <DemoAccounts onPick={pick} />}
      </Suspense>
    </>
  );
}

interface SignInFormProps {
  form: RefObject<HTMLFormElement | null>;
  onIn(): void;
  onAsked(asked: AskedFor): void;
}

function SignInForm({ form: formRef, onIn, onAsked }: SignInFormProps) {
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const { submit, pending, failure } = useSubmit(signIn, (answer) => ('ok' in answer ? onIn() : onAsked(answer)));
  const waitSeconds = useWaitSeconds(failure);
  const wait = formatDuration(waitSeconds * 1_000);

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (waitSeconds > 0) return;
    const form = new FormData(event.currentTarget);
    const email = formText(form, 'email').trim();
    const password = formText(form, 'password');
    setMissing({
      ...(email === '' && { email: 'Enter your e-mail address.' }),
      ...(password === '' && { password: 'Enter your password.' }),
    });
    if (email !== '' && password !== '') submit({ email, password });
  }

  return (
    <form ref={formRef} className="grid gap-4" onSubmit={onSubmit} noValidate>
      <Field label="E-mail address" error={missing.email} required>
        <Input
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username webauthn"
          autoCapitalize="off"
          spellCheck={false}
        />
      </Field>
      <Field label="Password" error={missing.password} required>
        <PasswordInput name="password" autoComplete="current-password" />
      </Field>
      {failure !== null && (
        <FormFailure failure={failure}>{waitSeconds > 0 ? `Try again in ${wait}.` : failure.remedy}</FormFailure>
      )}
      <Button
        type="submit"
        variant="primary"
        pending={pending}
        disabledReason={waitSeconds > 0 ? `Too many tries. Wait ${wait}.` : undefined}
      >
        {pending ? 'Signing in…' : waitSeconds > 0 ? `Wait ${wait}` : 'Sign in'}
      </Button>
    </form>
  );
}
