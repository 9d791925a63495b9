import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';

export type CheckboxProps = Omit<ComponentPropsWithRef<'input'>, 'type' | 'children'> & {
  label: ReactNode;
  /** Under the label, in a lighter voice. */
  hint?: ReactNode;
  /** 'radio' draws a round one; give the group a shared name. */
  kind?: 'checkbox' | 'radio' | undefined;
};

/** A checkbox or radio with its label; the whole line is the target. */
export function Checkbox({ label, hint, kind = 'checkbox', className, ...rest }: CheckboxProps) {
  const hintId = useId();
  return (
    <label className={cx('flex min-h-7 items-start gap-[9px] py-1 phone:min-h-11 phone:py-3', className)}>
      <input
        aria-describedby={hint === undefined ? undefined : hintId}
        {...rest}
        type={kind}
        className="qd-check mt-0.5"
      />
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint !== undefined && (
          <span id={hintId} className="block text-small text-ink-3">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
