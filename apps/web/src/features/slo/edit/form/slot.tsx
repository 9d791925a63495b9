import type { LintRemark } from '@qd/shared/slo';
import type { ReactNode } from 'react';
import { Field } from '../../../../ui/field.tsx';
import { Glyph } from '../../../../ui/glyph.tsx';
import { sentence } from '../sentence.ts';
import { useForm } from './form-context.ts';

export interface SlotProps {
  /** Name of the field as the server says it: `indicator.total`. */
  field: string;
  label: ReactNode;
  hint?: ReactNode;
  aside?: ReactNode;
  required?: boolean;
  className?: string;
  children: ReactNode;
}

/** One field of the form, with what is wrong with it and what the linter says about it. */
export function Slot({ field, label, hint, aside, required, className, children }: SlotProps) {
  const form = useForm();
  const remarks = form.remarksOf(field);
  const said =
    remarks.length === 0 ? (
      hint
    ) : (
      <>
        {hint !== undefined && <span className="block">{hint}</span>}
        <Remarks remarks={remarks} />
      </>
    );
  return (
    <div
      data-field={field}
      className={className}
      // Not on input: rendering between a select's input and its change would take its choice back.
      onChange={() => form.onEdited(field)}
      onBlur={(event) => {
        const left: EventTarget & { value?: unknown } = event.target;
        if (typeof left.value === 'string' && left.value !== '') form.onLeft(field);
      }}
    >
      <Field
        label={label}
        error={form.errorOf(field)}
        required={required}
        {...(said !== undefined && { hint: said })}
        {...(aside !== undefined && { aside })}
      >
        {children}
      </Field>
    </div>
  );
}

/** Warnings and notes of the linter. */
export function Remarks({ remarks }: { remarks: readonly LintRemark[] }) {
  return remarks.map((remark) => (
    <span key={`${remark.code}${remark.message}`} className="mt-0.5 flex items-start gap-1.5 text-ink-2">
      <Glyph name={remark.level === 'warning' ? 'warn' : 'dash'} className="mt-0.5" />
      <span>
        <span className="sr-only">{remark.level === 'warning' ? 'Warning: ' : 'Note: '}</span>
        {sentence(remark.message)}
      </span>
    </span>
  ));
}

/** What is said about a part of the form as a whole. */
export function PartSaid({ part }: { part: string }) {
  const form = useForm();
  const error = form.errorOf(part);
  const remarks = form.remarksOf(part);
  if (error === undefined && remarks.length === 0) return null;
  return (
    <div className="grid gap-1 text-small" data-field={part}>
      {error !== undefined && (
        <p role="alert" tabIndex={-1} data-invalid="" className="font-medium text-crit">
          {error}
        </p>
      )}
      <Remarks remarks={remarks} />
    </div>
  );
}
