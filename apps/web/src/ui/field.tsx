import { type ComponentPropsWithRef, createContext, type ReactNode, useContext, useId, useState } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';

type Wiring = { id: string; describedBy: string | undefined; invalid: boolean; required: boolean };

const FieldContext = createContext<Wiring | null>(null);

function useWiring() {
  const wiring = useContext(FieldContext);
  if (wiring === null) return {};
  return {
    id: wiring.id,
    'aria-describedby': wiring.describedBy,
    'aria-invalid': wiring.invalid || undefined,
    'aria-required': wiring.required || undefined,
  };
}

export type FieldProps = {
  label: ReactNode;
  /** Said before anything goes wrong: the format, the limit. */
  hint?: ReactNode;
  /** What is wrong and how to put it right. */
  error?: ReactNode;
  required?: boolean | undefined;
  /** At the right end of the label's line: "12 left", "optional". */
  aside?: ReactNode;
  /** One Input, PasswordInput, Textarea or Select. */
  children: ReactNode;
  className?: string | undefined;
};

/** A label, one control, its hint and its error, tied together for every reader. */
export function Field({ label, hint, error, required = false, aside, children, className }: FieldProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== false && error !== '';
  const described = [hasError ? `${id}-error` : '', hint === undefined ? '' : `${id}-hint`].filter(Boolean).join(' ');
  const wiring = { id, describedBy: described === '' ? undefined : described, invalid: hasError, required };
  return (
    <div className={cx('grid gap-[5px]', className)}>
      <div className="flex items-baseline gap-2 text-small">
        <label htmlFor={id} className="font-strong">
          {label}
        </label>
        {aside !== undefined && <span className="ml-auto text-ink-3">{aside}</span>}
      </div>
      <FieldContext value={wiring}>{children}</FieldContext>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-small text-ink-3">
          {hint}
        </p>
      )}
      {hasError && (
        <p id={`${id}-error`} className="text-small font-medium text-crit" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export type InputProps = ComponentPropsWithRef<'input'>;

export function Input({ className, ...rest }: InputProps) {
  return <input {...useWiring()} {...rest} className={cx('qd-input', className)} />;
}

export type TextareaProps = ComponentPropsWithRef<'textarea'>;

export function Textarea({ className, ...rest }: TextareaProps) {
  return <textarea {...useWiring()} {...rest} className={cx('qd-input', className)} />;
}

export type SelectProps = ComponentPropsWithRef<'select'>;

/** The system's own list: the right one inside forms. */
export function Select({ className, children, ...rest }: SelectProps) {
  return (
    <span className="relative block">
      <select {...useWiring()} {...rest} className={cx('qd-input', className)}>
        {children}
      </select>
      <Icon
        name="chevron-down"
        size={14}
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}

export type PasswordInputProps = Omit<InputProps, 'type'>;

/** A password that can be shown, pasted and filled by a password manager. */
export function PasswordInput({ className, autoComplete = 'current-password', ...rest }: PasswordInputProps) {
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <input
        {...useWiring()}
        autoCapitalize="off"
        spellCheck={false}
        autoComplete={autoComplete}
        {...rest}
        type={shown ? 'text' : 'password'}
        className={cx('qd-input pr-11', className)}
      />
      <button
        type="button"
        aria-label="Show password"
        aria-pressed={shown}
        className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-2 text-ink-2 hover:text-ink"
        onClick={() => setShown(!shown)}
      >
        <Icon name={shown ? 'eye-off' : 'eye'} />
      </button>
    </span>
  );
}
