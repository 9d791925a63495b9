import type { ProofMethod } from '@qd/shared/users';
import { Field, Input, PasswordInput } from '../../ui/field.tsx';

/** What a person proves themselves with, in a word. */
export const proofLabels: Readonly<Record<ProofMethod, string>> = {
  totp: 'Code',
  passkey: 'Passkey',
  recovery: 'Recovery code',
  password: 'Password',
};

export interface ProofFieldProps {
  method: ProofMethod;
  value: string;
  error: string | null;
  onChange(value: string): void;
}

/** Where a proof is typed; a passkey needs no typing. */
export function ProofField({ method, value, onChange, error }: ProofFieldProps) {
  if (method === 'passkey') {
    return error === null ? (
      <p className="text-ink-2">The browser asks for your fingerprint, face or security key.</p>
    ) : (
      <p role="alert" className="font-medium text-crit">
        {error}
      </p>
    );
  }
  const wiring = { value, onChange: (event: { target: { value: string } }) => onChange(event.target.value) };
  if (method === 'password') {
    return (
      <Field label="Your password" error={error}>
        <PasswordInput {...wiring} />
      </Field>
    );
  }
  return (
    <Field
      label={method === 'totp' ? 'Code of your authenticator app' : 'One of your recovery codes'}
      hint={
        method === 'totp' ? 'Six digits. Each code works once.' : 'Each code works once; this one is spent with it.'
      }
      error={error}
    >
      <Input
        {...wiring}
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellCheck={false}
        {...(method === 'totp' && { inputMode: 'numeric' as const })}
      />
    </Field>
  );
}
