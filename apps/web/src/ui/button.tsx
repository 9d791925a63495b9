import { type ComponentPropsWithRef, type MouseEvent } from 'react';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { Tooltip, withOwnHandlers } from './tooltip.tsx';

export type ButtonVariant = 'primary' | 'default' | 'ghost' | 'danger' | 'danger-solid';
export type ButtonSize = 'm' | 's';

export type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'disabled'> & {
  /** One primary per view. danger-solid only as the last step of a confirmation. */
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: IconName | undefined;
  /** Keys that do the same, shown on the button: "E", "⌘↵". */
  kbd?: string | undefined;
  disabled?: boolean | undefined;
  /** Why the action is not possible. Setting it disables the button, which stays focusable so the reason can be read. */
  disabledReason?: string | undefined;
  /** The action runs: the button keeps its width and takes no second press. */
  pending?: boolean | undefined;
};

/** Attributes that make a link look like a button: `<Link {...buttonLook({ size: 's' })}>`. */
export function buttonLook(look: { variant?: ButtonVariant; size?: ButtonSize; className?: string } = {}) {
  return {
    className: cx('qd-button', look.className),
    'data-variant': look.variant ?? 'default',
    'data-size': look.size ?? 'm',
  };
}

/** A verb plus its object. With a disabledReason it keeps focus, says why, and does nothing. */
export function Button(props: ButtonProps) {
  const {
    variant,
    size,
    icon,
    kbd,
    disabledReason,
    pending = false,
    disabled,
    className,
    children,
    onClick,
    ...rest
  } = props;
  const look = buttonLook({
    ...(variant && { variant }),
    ...(size && { size }),
    ...(className !== undefined && { className }),
  });
  // aria-disabled instead of disabled: a button must not lose focus while it runs or because it says no.
  const isRefused = disabledReason !== undefined || pending;
  const state = isRefused ? { 'aria-disabled': true } : { disabled };
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (isRefused) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <Tooltip content={disabledReason}>
      {(trigger) => (
        <button
          type="button"
          {...rest}
          {...(disabledReason !== undefined && {
            ...withOwnHandlers(trigger, rest),
            'aria-describedby': trigger['aria-describedby'],
          })}
          {...look}
          {...state}
          aria-busy={pending || undefined}
          onClick={press}
        >
          {icon !== undefined && <Icon name={icon} size={14} />}
          {children}
          {kbd !== undefined && (
            <span aria-hidden="true" className="contents">
              <Kbd>{kbd}</Kbd>
            </span>
          )}
        </button>
      )}
    </Tooltip>
  );
}
