import { Menu as Base } from '@base-ui/react/menu';
import { type ReactElement, type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Icon } from './icon.tsx';

export type SelectMenuOption<Value extends string> = {
  value: Value;
  label: ReactNode;
  /** In a lighter voice at the right end. */
  note?: ReactNode;
};

export type SelectMenuProps<Value extends string> = {
  /** What is chosen here, for those who do not see it. */
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly SelectMenuOption<Value>[];
  /** Replaces the standard trigger. */
  trigger?: ReactElement | undefined;
  side?: 'top' | 'bottom' | undefined;
  className?: string | undefined;
};

/** One of many from a list that opens: the platform switcher, a filter. */
export function SelectMenu<Value extends string>(props: SelectMenuProps<Value>) {
  const { label, value, onChange, options, trigger, side = 'bottom', className } = props;
  const current = options.find((option) => option.value === value);
  const standard = (
    <button
      type="button"
      className={cx(
        'flex h-8 items-center gap-2 rounded-2 border border-line-2 bg-surface px-2 text-left font-medium hover:bg-sunken phone:h-11',
        className,
      )}
    >
      <span className="sr-only">{label}: </span>
      <span className="min-w-0 truncate">{current?.label ?? 'none'}</span>
      <Icon name="chevrons" size={14} className="ml-auto text-ink-3" />
    </button>
  );
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger ?? standard} />
      <Base.Portal>
        <Base.Positioner className="qd-positioner" side={side} align="start" sideOffset={4} collisionPadding={8}>
          <Base.Popup className="qd-overlay qd-pop qd-menu">
            <Base.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
              {options.map((option) => (
                <Base.RadioItem key={option.value} value={option.value} closeOnClick className="qd-menu-item">
                  <span className="grid w-4 flex-none place-items-center">
                    <Base.RadioItemIndicator>
                      <Icon name="check" size={14} />
                    </Base.RadioItemIndicator>
                  </span>
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.note !== undefined && <span className="ml-auto text-small text-ink-3">{option.note}</span>}
                </Base.RadioItem>
              ))}
            </Base.RadioGroup>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
