import { type ComponentPropsWithRef } from 'react';
import { cx } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';
import { Kbd } from './kbd.tsx';
import { Tooltip, withOwnHandlers } from './tooltip.tsx';

export type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'disabled' | 'aria-label'> & {
  icon: IconName;
  /** Its name, also shown as a tooltip. */
  label: string;
  kbd?: string | undefined;
  disabledReason?: string | undefined;
};

/** A button that is only a drawing; its name shows on hover and focus. */
export function IconButton({ icon, label, kbd, disabledReason, className, onClick, ...rest }: IconButtonProps) {
  const isDisabled = disabledReason !== undefined;
  const tip = (
    <>
      {disabledReason ?? label} {kbd !== undefined && <Kbd>{kbd}</Kbd>}
    </>
  );
  return (
    <Tooltip content={tip}>
      {(trigger) => (
        <button
          type="button"
          {...rest}
          {...withOwnHandlers(trigger, rest)}
          // The tip repeats the name: it describes only when it adds the reason.
          aria-describedby={isDisabled ? trigger['aria-describedby'] : rest['aria-describedby']}
          aria-label={label}
          aria-disabled={isDisabled || undefined}
          className={cx('qd-icon-button', className)}
          onClick={isDisabled ? (event) => event.preventDefault() : onClick}
        >
          <Icon name={icon} />
        </button>
      )}
    </Tooltip>
  );
}
